package io.reactivep2p.pubsub.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.PubsubMessage;
import io.reactivep2p.pubsub.Validation;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class SeqnoValidatorTest {

    private final PeerId alice = PeerId.of(KeyPair.ofSeed(new byte[32]).publicKey());
    private final PeerId bob = PeerId.of(KeyPair.generate().publicKey());
    private final PeerId carol = PeerId.of(KeyPair.generate().publicKey());

    private final SeqnoValidator<String> validator = SeqnoValidator.create(2);

    private Validation judge(Optional<PeerId> author, OptionalLong seqno) {
        PubsubMessage<String> message =
                new PubsubMessage<>(MessageId.of(new byte[1]), "topic", author, seqno, bob, "payload");
        return Mono.from(validator.validate(message)).block();
    }

    private Validation judge(PeerId author, long seqno) {
        return judge(Optional.of(author), OptionalLong.of(seqno));
    }

    @Test
    void onlyNewerMessagesOfAnAuthorAreAccepted() {
        assertThat(judge(alice, 5)).isEqualTo(Validation.ACCEPT);
        assertThat(judge(alice, 5)).isEqualTo(Validation.IGNORE);
        assertThat(judge(alice, 4)).isEqualTo(Validation.IGNORE);
        assertThat(judge(bob, 4)).isEqualTo(Validation.ACCEPT);
        assertThat(judge(alice, 7)).isEqualTo(Validation.ACCEPT);
        assertThat(judge(alice, 6)).isEqualTo(Validation.IGNORE);
    }

    @Test
    void sequenceNumbersHaveNoSign() {
        assertThat(judge(alice, Long.MAX_VALUE)).isEqualTo(Validation.ACCEPT);
        assertThat(judge(alice, Long.MIN_VALUE)).isEqualTo(Validation.ACCEPT);
        assertThat(judge(alice, -1)).isEqualTo(Validation.ACCEPT);
        assertThat(judge(alice, 1)).isEqualTo(Validation.IGNORE);
    }

    @Test
    void messagesWithoutAuthorOrNumberAreIgnored() {
        assertThat(judge(Optional.empty(), OptionalLong.of(1))).isEqualTo(Validation.IGNORE);
        assertThat(judge(Optional.of(alice), OptionalLong.empty())).isEqualTo(Validation.IGNORE);
    }

    @Test
    void theAuthorUnheardOfForLongestIsForgotten() {
        judge(alice, 5);
        judge(bob, 5);
        judge(alice, 1); // heard of, if in vain
        judge(carol, 5);
        assertThat(judge(alice, 5)).isEqualTo(Validation.IGNORE);
        assertThat(judge(bob, 5)).isEqualTo(Validation.ACCEPT);
        assertThatThrownBy(() -> SeqnoValidator.create(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingIsRememberedBeforeTheAnswerIsAskedFor() {
        validator.validate(new PubsubMessage<>(
                MessageId.of(new byte[1]), "topic", Optional.of(alice), OptionalLong.of(9), bob, "payload"));
        assertThat(judge(alice, 9)).isEqualTo(Validation.ACCEPT);
    }
}
