package io.reactivep2p.pubsub.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.wire.Control;
import io.reactivep2p.pubsub.wire.EncodedMessage;
import io.reactivep2p.pubsub.wire.Rpc;
import io.reactivep2p.pubsub.wire.RpcCodec;
import io.reactivep2p.pubsub.wire.RpcLimits;
import io.reactivep2p.pubsub.wire.Subscription;
import io.reactivep2p.wire.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboundQueueTest {

    private static final int MAX_MESSAGES = 100;
    private static final int MAX_BYTES = 1 << 20;

    private final OutboundQueue queue = new OutboundQueue(RpcLimits.defaults(), MAX_MESSAGES, MAX_BYTES);
    private final MessageCodec.Decoder<Rpc> decoder =
            RpcCodec.create(RpcLimits.defaults()).decoder();
    private final List<Integer> buffers = new ArrayList<>();

    @AfterEach
    void close() {
        decoder.close();
    }

    @Test
    void anEmptyQueueHasNothing() {
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.hasRoom()).isTrue();
        assertThat(drain()).isEmpty();
    }

    @Test
    void theGreetingIsOneRpcAndGoesFirst() {
        queue.message(message("early", 10));
        queue.control(Control.graft("news"));
        queue.greet(
                List.of(Subscription.join("news"), Subscription.join("sport")),
                Control.extensions(new Control.Extensions(true, false)));

        List<Rpc> sent = drain();

        assertThat(sent).hasSize(3);
        assertThat(sent.get(0).subscriptions()).containsExactly(Subscription.join("news"), Subscription.join("sport"));
        assertThat(control(sent.get(0)).extensions()).isEqualTo(new Control.Extensions(true, false));
        assertThat(control(sent.get(1)).graft()).containsExactly("news");
        assertThat(sent.get(2).messages()).hasSize(1);
    }

    @Test
    void aGreetingTooLongForOneRpcGoesOnInTheNext() {
        List<Subscription> many = IntStream.range(0, 200)
                .mapToObj(i -> Subscription.join(i + "x".repeat(1_000)))
                .toList();
        queue.greet(many, Control.extensions(Control.Extensions.NONE));

        List<Rpc> sent = drain();

        assertThat(sent.size()).isGreaterThan(1);
        assertThat(sent.stream().flatMap(rpc -> rpc.subscriptions().stream())).containsExactlyElementsOf(many);
        assertThat(sent.stream().filter(rpc -> rpc.control() != null)).containsExactly(sent.get(0));
        assertThat(buffers).allMatch(bytes -> bytes < OutboundQueue.BUFFER_BYTES);
    }

    @Test
    void ofSubscriptionsToOneTopicTheLastCounts() {
        queue.subscription(Subscription.join("news"));
        queue.subscription(Subscription.join("sport"));
        queue.subscription(Subscription.leave("news"));

        assertThat(drain().get(0).subscriptions())
                .containsExactly(Subscription.join("sport"), Subscription.leave("news"));
    }

    @Test
    void smallMessagesShareABufferAndEachIsAnRpcOfItsOwn() {
        IntStream.range(0, 90).forEach(i -> queue.message(message("m" + i, 1_000)));

        List<Rpc> sent = drain();

        assertThat(sent).hasSize(90).allMatch(rpc -> rpc.messages().size() == 1);
        assertThat(buffers).hasSize(2).allMatch(bytes -> bytes <= OutboundQueue.BUFFER_BYTES);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.hasRoom()).isTrue();
    }

    @Test
    void aLongMessageHasABufferToItself() {
        queue.message(message("long", 200_000));
        queue.message(message("short", 10));

        assertThat(drain()).hasSize(2);
        assertThat(buffers).hasSize(2);
    }

    @Test
    void messagesBeyondTheBoundsAreLost() {
        for (int i = 0; i < MAX_MESSAGES; i++) {
            assertThat(queue.message(message("m" + i, 10))).isTrue();
        }
        assertThat(queue.message(message("one too many", 10))).isFalse();
        assertThat(drain()).hasSize(MAX_MESSAGES);

        assertThat(queue.message(message("a", MAX_BYTES / 2))).isTrue();
        assertThat(queue.message(message("b", MAX_BYTES / 2))).isFalse();
        assertThat(queue.message(message("c", MAX_BYTES / 4))).isTrue();
        assertThat(drain()).hasSize(2);
    }

    @Test
    void thereIsRoomUpToHalf() {
        IntStream.range(0, MAX_MESSAGES / 2).forEach(i -> queue.message(message("m" + i, 10)));
        assertThat(queue.hasRoom()).isTrue();
        queue.message(message("one more", 10));
        assertThat(queue.hasRoom()).isFalse();
        drain();
        queue.message(message("large", MAX_BYTES / 2 + 1));
        assertThat(queue.hasRoom()).isFalse();
        drain();
        assertThat(queue.hasRoom()).isTrue();
    }

    @Test
    void whatThePeerHasIsNotSent() {
        IntStream.range(0, 4).forEach(i -> queue.message(message("m" + i, 10)));

        queue.unsend(List.of(id("m1"), id("m3"), id("unknown")));

        assertThat(drain()).extracting(rpc -> rpc.messages().get(0).topic()).containsExactly("m0", "m2");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void controlIsMergedAndTheLastWordOnATopicCounts() {
        queue.control(Control.graft("a"));
        queue.control(Control.graft("b"));
        queue.control(Control.prune(new Control.Prune("a", List.of(), OptionalLong.of(60))));
        queue.control(Control.ihave(new Control.IHave("a", List.of(id("1")))));
        queue.control(Control.ihave(new Control.IHave("a", List.of(id("2")))));
        queue.control(Control.iwant(List.of(id("3"))));

        List<Rpc> sent = drain();

        assertThat(sent).hasSize(1);
        Control control = control(sent.get(0));
        assertThat(control.graft()).containsExactly("b");
        assertThat(control.prune()).extracting(Control.Prune::topic).containsExactly("a");
        assertThat(control.ihave()).extracting(Control.IHave::ids).containsExactly(List.of(id("1"), id("2")));
        assertThat(control.iwant()).containsExactly(id("3"));
    }

    @Test
    void gossipBeyondTheBoundIsLostAndGraftIsNot() {
        List<MessageId> many = IntStream.range(0, PendingControl.MAX_IDS)
                .mapToObj(i -> id("id" + i))
                .toList();

        assertThat(queue.control(Control.iwant(many))).isZero();
        assertThat(queue.control(Control.iwant(many))).isEqualTo(PendingControl.MAX_IDS);
        assertThat(queue.control(Control.ihave(new Control.IHave("a", many)))).isZero();
        assertThat(queue.control(Control.ihave(new Control.IHave("b", many)))).isEqualTo(PendingControl.MAX_IDS);
        assertThat(queue.control(Control.graft("c"))).isZero();

        List<Rpc> sent = drain();
        assertThat(sent.stream().flatMap(rpc -> control(rpc).graft().stream())).containsExactly("c");
        assertThat(sent.stream().mapToInt(rpc -> control(rpc).iwant().size()).sum())
                .isEqualTo(PendingControl.MAX_IDS);
        assertThat(queue.control(Control.iwant(many))).isZero();
        drain();
    }

    private List<Rpc> drain() {
        List<Rpc> sent = new ArrayList<>();
        for (ByteBuf next = queue.poll(UnpooledByteBufAllocator.DEFAULT);
                next != null;
                next = queue.poll(UnpooledByteBufAllocator.DEFAULT)) {
            buffers.add(next.readableBytes());
            decoder.decode(next, sent);
            next.release();
        }
        return sent;
    }

    private static Control control(Rpc rpc) {
        return Objects.requireNonNull(rpc.control());
    }

    private static OutboundQueue.Outgoing message(String name, int bytes) {
        return new OutboundQueue.Outgoing(
                id(name), EncodedMessage.of(new RawMessage(null, new byte[bytes], null, name, null, null)));
    }

    private static MessageId id(String name) {
        return MessageId.of(name.getBytes(StandardCharsets.UTF_8));
    }
}
