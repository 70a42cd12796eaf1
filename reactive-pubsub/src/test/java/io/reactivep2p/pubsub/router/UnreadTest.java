package io.reactivep2p.pubsub.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.wire.EncodedMessage;
import io.reactivep2p.pubsub.wire.Rpc;
import io.reactivep2p.pubsub.wire.RpcCodec;
import io.reactivep2p.pubsub.wire.RpcLimits;
import io.reactivep2p.pubsub.wire.Subscription;
import io.reactivep2p.wire.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a queue says again, and in RPCs of what length. */
class UnreadTest {

    private final OutboundQueue queue = new OutboundQueue(RpcLimits.defaults(), 100, 1 << 20);
    private final Unread unread = new Unread();
    private final MessageCodec.Decoder<Rpc> decoder =
            RpcCodec.create(RpcLimits.defaults()).decoder();
    private final List<Integer> frames = new ArrayList<>();

    @AfterEach
    void close() {
        decoder.close();
    }

    @Test
    void whatWasPolledIsSaidAgainBeforeWhatWaits() {
        queue.rememberIn(unread);
        queue.subscription(Subscription.join("a"));
        queue.subscription(Subscription.join("b"));
        queue.message(message("m0", 10));
        queue.message(message("m1", 10));
        drain();
        queue.subscription(Subscription.leave("a"));
        queue.message(message("m2", 10));

        queue.rememberIn(null);
        queue.repeat(unread);

        List<Rpc> sent = drain();
        assertThat(sent.get(0).subscriptions()).containsExactly(Subscription.join("b"), Subscription.leave("a"));
        assertThat(topics(sent)).containsExactly("m0", "m1", "m2");
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.hasRoom()).isTrue();
    }

    @Test
    void ofSubscriptionsPolledTheLastWordIsSaidAgain() {
        queue.rememberIn(unread);
        queue.subscription(Subscription.join("a"));
        drain();
        queue.subscription(Subscription.leave("a"));
        drain();

        queue.repeat(unread);

        assertThat(drain().get(0).subscriptions()).containsExactly(Subscription.leave("a"));
    }

    @Test
    void whatIsNotToBeRememberedIsNot() {
        queue.rememberIn(unread);
        queue.rememberIn(null);
        queue.subscription(Subscription.join("a"));
        queue.message(message("m", 10));
        drain();

        queue.repeat(unread);

        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void messagesAreRememberedUpToANumber() {
        IntStream.range(0, Unread.MAX_MESSAGES + 1).forEach(i -> unread.said(message("m" + i, 10)));

        assertThat(unread.messages()).hasSize(Unread.MAX_MESSAGES);
        assertThat(unread.messages().get(0).message().rpcBytes()).isPositive();
    }

    @Test
    void messagesAreRememberedUpToTheirBytes() {
        unread.said(message("long", Unread.MAX_BYTES - 100));
        unread.said(message("too long", 100));
        unread.said(message("short", 10));

        assertThat(unread.messages()).extracting(OutboundQueue.Outgoing::id).containsExactly(id("long"), id("short"));
    }

    @Test
    void topicsAreRememberedUpToANumber() {
        IntStream.range(0, Unread.MAX_TOPICS + 1).forEach(i -> unread.said(Subscription.join("t" + i)));

        assertThat(unread.subscriptions()).hasSize(Unread.MAX_TOPICS);
        unread.said(Subscription.leave("t0"));
        assertThat(unread.subscriptions()).containsEntry("t0", Subscription.leave("t0"));
    }

    @Test
    void shortRpcsHoldSeveralMessagesOrOneThatIsLonger() {
        IntStream.range(0, 3).forEach(i -> queue.message(message("m" + i, 900)));
        queue.message(message("m3", 5_000));
        queue.message(message("m4", 10));

        List<Rpc> sent = drainRpcs();

        assertThat(sent).extracting(rpc -> rpc.messages().size()).containsExactly(2, 1, 1, 1);
        assertThat(topics(sent)).containsExactly("m0", "m1", "m2", "m3", "m4");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void shortRpcsAreAsLongAsTheyMayBe() {
        int overhead = message("m0", 1_000).message().rpcBytes() - 1_000;
        queue.message(message("m0", 1_000));
        queue.message(message("m1", OutboundQueue.SHORT_RPC_BYTES - 1_000 - 2 * overhead));

        assertThat(drainRpcs()).hasSize(1);
        assertThat(frames).containsExactly(OutboundQueue.SHORT_RPC_BYTES + 2);
    }

    @Test
    void shortRpcsHoldSomeSubscriptions() {
        // three bytes each
        List<Subscription> many = IntStream.range(0, 300)
                .mapToObj(i -> Subscription.join("\u4e00".repeat(i % 9) + i))
                .toList();
        many.forEach(queue::subscription);
        queue.message(message("m", 10));

        List<Rpc> sent = drainRpcs();

        assertThat(sent.stream().flatMap(rpc -> rpc.subscriptions().stream())).containsExactlyElementsOf(many);
        assertThat(sent.get(sent.size() - 1).messages()).hasSize(1);
        assertThat(frames).allMatch(bytes -> bytes <= OutboundQueue.SHORT_RPC_BYTES);
    }

    private List<Rpc> drain() {
        List<Rpc> sent = new ArrayList<>();
        for (ByteBuf next = queue.poll(UnpooledByteBufAllocator.DEFAULT);
                next != null;
                next = queue.poll(UnpooledByteBufAllocator.DEFAULT)) {
            decode(next, sent);
        }
        return sent;
    }

    private List<Rpc> drainRpcs() {
        List<Rpc> sent = new ArrayList<>();
        for (ByteBuf next = queue.pollRpc(UnpooledByteBufAllocator.DEFAULT);
                next != null;
                next = queue.pollRpc(UnpooledByteBufAllocator.DEFAULT)) {
            int before = sent.size();
            decode(next, sent);
            assertThat(sent).hasSize(before + 1);
        }
        return sent;
    }

    private void decode(ByteBuf buffer, List<Rpc> to) {
        frames.add(buffer.readableBytes());
        decoder.decode(buffer, to);
        buffer.release();
    }

    private static List<String> topics(List<Rpc> sent) {
        return sent.stream()
                .flatMap(rpc -> rpc.messages().stream())
                .map(RawMessage::topic)
                .toList();
    }

    private static OutboundQueue.Outgoing message(String name, int bytes) {
        return new OutboundQueue.Outgoing(
                id(name), EncodedMessage.of(new RawMessage(null, new byte[bytes], null, name, null, null)));
    }

    private static MessageId id(String name) {
        return MessageId.of(name.getBytes(StandardCharsets.UTF_8));
    }
}
