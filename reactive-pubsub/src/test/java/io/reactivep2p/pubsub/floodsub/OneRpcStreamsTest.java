package io.reactivep2p.pubsub.floodsub;

import static io.reactivep2p.pubsub.testing.PubsubContract.listen;
import static io.reactivep2p.pubsub.testing.PubsubContract.numbers;
import static io.reactivep2p.pubsub.testing.PubsubContract.text;
import static io.reactivep2p.pubsub.testing.PubsubNodes.PATIENCE;
import static io.reactivep2p.pubsub.testing.PubsubNodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.SignaturePolicy;
import io.reactivep2p.pubsub.testing.OneRpcPeer;
import io.reactivep2p.pubsub.testing.PubsubContract.Listening;
import io.reactivep2p.pubsub.testing.PubsubNodes;
import io.reactivep2p.pubsub.testing.PubsubNodes.Node;
import io.reactivep2p.pubsub.wire.Rpc;
import io.reactivep2p.pubsub.wire.Subscription;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Peers that open a stream for each RPC, and read one RPC of a stream, as rust-libp2p's. */
class OneRpcStreamsTest {

    private static final int MANY = Integer.MAX_VALUE;

    /** What an RPC that meets a stream's end may add to their number. */
    private static final int TRIES = 4;

    @RegisterExtension
    final PubsubNodes nodes = PubsubNodes.inMemory((host, options) ->
            Floodsub.create(host, spec -> options.accept(spec.signaturePolicy(SignaturePolicy.AUTHORLESS))));

    @Test
    void whoReadsOneRpcOfAStreamMissesNothing() {
        Node alice = nodes.start();
        OneRpcPeer peer = new OneRpcPeer(nodes.startHost(), stream -> 1);
        Listening<String> news = listen(alice, "news");
        Connection connection = peer.connect(alice.host());
        peer.send(connection, Rpc.ofSubscriptions(List.of(Subscription.join("bulk"))));
        awaitSubscriber(alice, "bulk", peer);

        numbers(200).forEach(each -> text(alice, "bulk").publish(each).block(PATIENCE));
        news.stop();
        Listening<String> sport = listen(alice, "sport");

        await("all messages", () -> assertThat(payloads(peer)).containsAll(numbers(200)));
        await("the last words", () -> {
            List<Subscription> heard = peer.received().stream()
                    .flatMap(rpc -> rpc.subscriptions().stream())
                    .toList();
            assertThat(heard).contains(Subscription.leave("news"), Subscription.join("sport"));
            assertThat(heard.lastIndexOf(Subscription.leave("news")))
                    .isGreaterThan(heard.lastIndexOf(Subscription.join("news")));
        });
        assertThat(peer.most()).isEqualTo(1);
        sport.stop();
    }

    @Test
    void withNothingToSayThereIsNoStream() {
        Node alice = nodes.start();
        OneRpcPeer peer = new OneRpcPeer(nodes.startHost(), stream -> 1);
        Listening<String> news = listen(alice, "news");
        Connection connection = peer.connect(alice.host());

        await("the greeting, twice", () -> assertThat(peer.streams()).isEqualTo(2));
        await("no stream", () -> assertThat(ourStreams(alice)).isZero());

        Listening<String> sport = listen(alice, "sport");
        await("another", () -> assertThat(peer.received()).hasSize(3));
        await("no stream", () -> assertThat(ourStreams(alice)).isZero());
        assertThat(peer.streams()).isEqualTo(3);
        assertThat(alice.pubsub().peers()).containsExactly(peer.host().id());
        connection.dispose();
        await("the peer's end", () -> assertThat(alice.pubsub().peers()).isEmpty());
        news.stop();
        sport.stop();
    }

    @Test
    void whoOpensAStreamForEachRpcStaysAPeer() {
        Node alice = nodes.start();
        ConcurrentLinkedQueue<PubsubEvent> events = new ConcurrentLinkedQueue<>();
        Disposable watching = alice.pubsub().events().subscribe(events::add);
        OneRpcPeer peer = new OneRpcPeer(nodes.startHost(), stream -> 1);
        Listening<String> news = listen(alice, "news");
        Connection connection = peer.connect(alice.host());

        peer.send(connection, Rpc.ofSubscriptions(List.of(Subscription.join("bulk"))));
        awaitSubscriber(alice, "bulk", peer);
        numbers(20).forEach(each -> peer.send(connection, message(each)));

        await("all messages", () -> assertThat(news.payloads()).containsAll(numbers(20)));
        await("no streams", () -> assertThat(
                        alice.host().connections().iterator().next().streams())
                .isEmpty());
        assertThat(alice.pubsub().topic("bulk").peers())
                .containsExactly(peer.host().id());
        assertThat(events).noneMatch(PubsubEvent.PeerLeft.class::isInstance);
        watching.dispose();
        news.stop();
    }

    @Test
    void whoComesBackIsToldAnew() {
        Node alice = nodes.start();
        OneRpcPeer peer = new OneRpcPeer(nodes.startHost(), stream -> 1);
        Listening<String> news = listen(alice, "news");
        Connection connection = peer.connect(alice.host());
        await("the greeting, twice", () -> assertThat(peer.streams()).isEqualTo(2));

        connection.dispose();
        await("the peer's end", () -> assertThat(alice.pubsub().peers()).isEmpty());
        peer.connect(alice.host());

        await("the greeting again", () -> assertThat(peer.streams()).isGreaterThanOrEqualTo(3));
        await("a peer", () -> assertThat(alice.pubsub().peers())
                .containsExactly(peer.host().id()));
        news.stop();
    }

    @Test
    void severalStreamsUnderWayAreAllHeard() {
        Node alice = nodes.start();
        OneRpcPeer peer = new OneRpcPeer(nodes.startHost(), stream -> 1);
        Listening<String> news = listen(alice, "news");
        Connection connection = peer.connect(alice.host());
        List<ProtocolStream> streams = new ArrayList<>();
        IntStream.range(0, 8).forEach(i -> streams.add(peer.open(connection)));

        // The newest first.
        for (int i = 7; i >= 0; i--) {
            peer.sendAndEnd(streams.get(i), message("m" + i));
        }

        await("all of them", () -> assertThat(news.payloads())
                .containsExactlyInAnyOrder("m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7"));
        news.stop();
    }

    @Test
    void aStreamThatBringsNothingIsEndedAWhileAfterAnotherCame() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        Node alice = nodes.start(spec -> spec.timer(time));
        OneRpcPeer peer = new OneRpcPeer(nodes.startHost(), stream -> MANY);
        Connection connection = peer.connect(alice.host());
        ProtocolStream first = peer.open(connection);

        ProtocolStream second = peer.open(connection);

        await("the end of the first", () -> {
            time.advanceTimeBy(Duration.ofSeconds(5)); // it may not have come yet
            assertThat(first.isDisposed()).isTrue();
        });
        assertThat(second.isDisposed()).isFalse();
        second.dispose();
    }

    @Test
    void whoKeepsTheNextStreamIsToldEverythingOnIt() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        Node alice = nodes.start(spec -> spec.timer(time));
        OneRpcPeer peer = new OneRpcPeer(nodes.startHost(), stream -> stream == 0 ? 1 : MANY);
        Listening<String> news = listen(alice, "news");
        Connection connection = peer.connect(alice.host());
        peer.send(connection, Rpc.ofSubscriptions(List.of(Subscription.join("bulk"))));
        awaitSubscriber(alice, "bulk", peer);

        for (String each : numbers(20)) {
            text(alice, "bulk").publish(each).block(PATIENCE);
        }

        await("all messages", () -> {
            time.advanceTimeBy(Duration.ofSeconds(1)); // its trial may not have begun yet
            assertThat(payloads(peer)).containsAll(numbers(20));
        });
        assertThat(peer.streams()).isEqualTo(2);
        text(alice, "bulk").publish("more").block(PATIENCE);
        await("more", () -> assertThat(payloads(peer)).contains("more"));
        assertThat(peer.streams()).isEqualTo(2);
        news.stop();
    }

    @Test
    void whoDropsEveryStreamAtOnceIsNotHammered() {
        Node alice = nodes.start();
        OneRpcPeer peer = new OneRpcPeer(nodes.startHost(), stream -> 0);
        Listening<String> news = listen(alice, "news");
        Connection connection = peer.connect(alice.host());
        peer.send(connection, Rpc.ofSubscriptions(List.of(Subscription.join("bulk"))));
        awaitSubscriber(alice, "bulk", peer);

        for (int i = 0; i < 20; i++) {
            text(alice, "bulk").publish("in vain " + i).block(PATIENCE);
        }

        await("rest", () -> assertThat(ourStreams(alice)).isZero());
        assertThat(peer.streams()).isLessThanOrEqualTo(2 + 20 + TRIES);
        news.stop();
    }

    @Test
    void whatWaitsIsSaidBeforeTheNodeCloses() {
        Node alice = nodes.start();
        OneRpcPeer peer = new OneRpcPeer(nodes.startHost(), stream -> 1);
        Listening<String> news = listen(alice, "news");
        Connection connection = peer.connect(alice.host());
        peer.send(connection, Rpc.ofSubscriptions(List.of(Subscription.join("bulk"))));
        awaitSubscriber(alice, "bulk", peer);
        await("the greeting, twice", () -> assertThat(peer.streams()).isEqualTo(2));

        numbers(20).forEach(each -> text(alice, "bulk").publish(each).block(PATIENCE));
        alice.pubsub().close().block(PATIENCE);

        assertThat(payloads(peer)).containsAll(numbers(20));
        assertThat(peer.received().stream().flatMap(rpc -> rpc.subscriptions().stream()))
                .contains(Subscription.leave("news"));
        assertThat(news.completed()).isTrue();
    }

    private static void awaitSubscriber(Node node, String topic, OneRpcPeer peer) {
        await("the subscription", () -> assertThat(node.pubsub().topic(topic).peers())
                .contains(peer.host().id()));
    }

    private static long ourStreams(Node node) {
        return node.host().connections().iterator().next().streams().stream()
                .filter(stream -> stream.direction().isInitiator())
                .count();
    }

    private static List<String> payloads(OneRpcPeer peer) {
        return peer.received().stream()
                .flatMap(rpc -> rpc.messages().stream())
                .map(message -> new String(message.data(), StandardCharsets.UTF_8))
                .toList();
    }

    private static Rpc message(String text) {
        return Rpc.ofMessage(new RawMessage(null, text.getBytes(StandardCharsets.UTF_8), null, "news", null, null));
    }
}
