package io.reactivep2p.pubsub.gossipsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.Overflow;
import io.reactivep2p.pubsub.SubscriptionFilter;
import io.reactivep2p.pubsub.testing.PubsubNodes;
import io.reactivep2p.pubsub.wire.PartialMessage;
import io.reactivep2p.pubsub.wire.PartialSupport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Messages in parts between nodes: a message is up to 8 parts without content, so that a byte with a bit for each is all of it. */
class PartialNodeTest {

    private static final String TOPIC = "blobs";
    private static final byte[] GROUP = {1, 2, 3};
    private static final int ALL = 0xff;

    private final List<Blob> blobs = new ArrayList<>();

    @RegisterExtension
    final PubsubNodes nodes = PubsubNodes.inMemory((host, options) -> {
        Blob blob = new Blob();
        blob.gossipsub = Gossipsub.create(
                host,
                spec -> spec.heartbeat(Duration.ofMillis(50)).common(options).partialMessages(blob));
        blobs.add(blob);
        return blob.gossipsub;
    });

    /** One message, as far as a node has it. */
    private static final class Blob implements PartialMessages, PartialSource {

        private final AtomicInteger has = new AtomicInteger();
        private @Nullable Gossipsub gossipsub;

        @Override
        public byte[] group() {
            return GROUP;
        }

        @Override
        public PartialAnswer answerTo(PeerId peer, byte @Nullable [] metadata, boolean wantsParts) {
            byte here = (byte) has.get();
            return metadata == null
                    ? PartialAnswer.ofMetadata(new byte[] {here})
                    : new PartialAnswer(
                            (here & ~metadata[0]) == 0 ? null : new byte[] {(byte) (here & ~metadata[0])},
                            new byte[] {here},
                            new byte[] {(byte) (here | metadata[0])});
        }

        @Override
        public byte @Nullable [] onPartial(PeerId from, PartialMessage partial, byte @Nullable [] known) {
            if (partial.parts() != null) {
                has.accumulateAndGet(partial.parts()[0] & ALL, (one, other) -> one | other);
            }
            publish().subscribe();
            return partial.metadata() == null ? known : partial.metadata();
        }

        private Mono<Void> publish() {
            return gossipsub.publishPartial(TOPIC, this);
        }
    }

    @Test
    void everyNodeOfALineGetsTheWholeOfWhatEachHasAPartOf() {
        List<PubsubNodes.Node> line = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            line.add(join(PartialSupport.REQUESTS));
            blobs.get(i).has.set(0b11 << 2 * i);
        }
        for (int i = 1; i < 4; i++) {
            PubsubNodes.connect(line.get(i - 1), line.get(i));
        }
        blobs.forEach(blob -> blob.publish().block(PubsubNodes.PATIENCE));

        for (Blob blob : blobs) {
            PubsubNodes.await("all parts", () -> assertThat(blob.has).hasValue(ALL));
        }
    }

    /** Who subscribed before it said so is asked for parts all the same. */
    @Test
    void whatIsSaidOfPartsAfterJoiningReachesPeers() {
        PubsubNodes.Node whole = join(PartialSupport.SENDS);
        PubsubNodes.Node late = join(PartialSupport.NONE);
        PubsubNodes.connect(whole, late);
        PubsubNodes.await(
                "the subscription", () -> assertThat(whole.pubsub().topic(TOPIC).peers())
                        .contains(late.host().id()));
        blobs.get(0).has.set(ALL);

        blobs.get(1).gossipsub.supportPartial(TOPIC, PartialSupport.REQUESTS);

        PubsubNodes.await("all parts", () -> {
            blobs.get(0).publish().block(PubsubNodes.PATIENCE);
            assertThat(blobs.get(1).has).hasValue(ALL);
        });
    }

    @Test
    void nothingIsPublishedBeforeItIsSubscribedTo() {
        join(PartialSupport.REQUESTS);
        AtomicInteger asked = new AtomicInteger();
        Mono<Void> publication = blobs.get(0).gossipsub.publishPartial(TOPIC, new PartialSource() {
            @Override
            public byte[] group() {
                asked.incrementAndGet();
                return GROUP;
            }

            @Override
            public PartialAnswer answerTo(PeerId peer, byte @Nullable [] metadata, boolean wantsParts) {
                return PartialAnswer.NOTHING;
            }
        });
        assertThat(asked).hasValue(0);

        StepVerifier.create(publication).verifyComplete();
        StepVerifier.create(publication).verifyComplete();
        assertThat(asked).hasValue(2);
    }

    @Test
    void publishingFailsWhereNothingWasSaidOfTheTopicAndAfterClose() {
        PubsubNodes.Node node = nodes.start();
        Blob blob = blobs.get(0);
        StepVerifier.create(blob.publish()).verifyError(IllegalStateException.class);

        blob.gossipsub.supportPartial(TOPIC, PartialSupport.SENDS);
        StepVerifier.create(blob.publish()).verifyComplete();

        node.pubsub().close().block(PubsubNodes.PATIENCE);
        StepVerifier.create(blob.publish()).verifyError(IllegalStateException.class);
    }

    @Test
    void partsAreOnlySupportedWhereTheOptionIsSetAndTheTopicAllowed() {
        nodes.start(options -> options.filter(SubscriptionFilter.only("other")));
        assertThatThrownBy(() -> blobs.get(0).gossipsub.supportPartial(TOPIC, PartialSupport.SENDS))
                .isInstanceOf(IllegalArgumentException.class);

        Gossipsub without = Gossipsub.create(nodes.startHost());
        assertThatThrownBy(() -> without.supportPartial(TOPIC, PartialSupport.SENDS))
                .isInstanceOf(IllegalStateException.class);
        without.close().block(PubsubNodes.PATIENCE);
    }

    private PubsubNodes.Node join(PartialSupport support) {
        PubsubNodes.Node node = nodes.start();
        blobs.get(blobs.size() - 1).gossipsub.supportPartial(TOPIC, support);
        node.pubsub().topic(TOPIC).messages(Overflow.latest()).subscribe();
        return node;
    }
}
