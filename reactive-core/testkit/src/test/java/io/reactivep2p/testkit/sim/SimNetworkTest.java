package io.reactivep2p.testkit.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.host.Host;
import io.reactivep2p.wire.Codecs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

class SimNetworkTest {

    private static final ProtocolId ECHO = ProtocolId.of("/sim-echo");
    private static final Duration LATENCY = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void hostsIdentifyEachOtherAndAnswerAfterTheLatencyOfTheirLink() {
        try (SimNetwork network = SimNetwork.create(spec -> spec.latency(LATENCY, LATENCY))) {
            Host alice = network.host();
            Host bob = network.host();
            bob.handle(ECHO, stream -> stream.send(stream.receive().map(ByteBuf::retain)));
            network.connect(alice, bob);

            assertThat(network.runUntil(() -> alice.peerstore().supports(bob.id(), ECHO), LONG))
                    .isTrue();
            long before = network.nanoTime();
            AtomicReference<String> answer = new AtomicReference<>();
            alice.open(bob.id(), ECHO)
                    .flatMap(stream -> stream.send(Codecs.lines(), "hello")
                            .then(stream.closeWrite())
                            .then(stream.receive(Codecs.lines()).next()))
                    .subscribe(answer::set);

            assertThat(network.runUntil(() -> answer.get() != null, LONG)).isTrue();
            assertThat(answer).hasValue("hello");
            assertThat(Duration.ofNanos(network.nanoTime() - before)).isEqualTo(LATENCY.multipliedBy(2));
        }
    }

    @Test
    void aReceiverThatRequestsNothingStallsTheSenderAtTheWindow() {
        try (SimNetwork network = SimNetwork.create(spec -> {})) {
            Host alice = network.host();
            Host bob = network.host();
            bob.handle(ECHO, ProtocolStream::onDispose);
            network.connect(alice, bob);
            AtomicLong taken = new AtomicLong();
            alice.open(bob.id(), ECHO)
                    .flatMap(stream -> stream.send(Flux.range(0, 10_000).map(n -> {
                        taken.addAndGet(1_024);
                        return Unpooled.wrappedBuffer(new byte[1_024]);
                    })))
                    .onErrorComplete()
                    .subscribe();
            network.run(LONG);

            assertThat(taken.get()).isBetween((long) SimStream.WINDOW, 2L * SimStream.WINDOW);
        }
    }

    @Test
    void bandwidthSetsThePace() {
        int bytes = 10 * 1_000_000;
        try (SimNetwork network = SimNetwork.create(
                spec -> spec.latency(Duration.ZERO, Duration.ZERO).bandwidth(1_000_000))) {
            Host alice = network.host();
            Host bob = network.host();
            AtomicLong received = new AtomicLong();
            bob.handle(ECHO, stream -> stream.receive()
                    .doOnNext(data -> received.addAndGet(data.readableBytes()))
                    .then());
            network.connect(alice, bob);
            alice.open(bob.id(), ECHO)
                    .flatMap(stream ->
                            stream.send(Flux.range(0, bytes / 1_000).map(n -> Unpooled.wrappedBuffer(new byte[1_000]))))
                    .onErrorComplete()
                    .subscribe();
            network.runUntil(() -> received.get() == bytes, LONG);

            assertThat(Duration.ofNanos(network.nanoTime()).toMillis()).isBetween(10_000L, 10_100L);
        }
    }

    @Test
    void aPartitionCutsConnectionsAndDialsUntilItHeals() {
        try (SimNetwork network = SimNetwork.create(spec -> {})) {
            Host alice = network.host();
            Host bob = network.host();
            network.connect(alice, bob);
            network.run(LONG);
            assertThat(alice.connections(bob.id())).hasSize(1);
            AtomicReference<Throwable> cut = new AtomicReference<>();
            bob.handle(ECHO, ProtocolStream::onDispose);
            alice.open(bob.id(), ECHO).flatMapMany(ProtocolStream::receive).subscribe(data -> {}, cut::set);
            network.run(LONG);

            network.partition(List.of(alice));
            network.connect(alice, bob);
            network.run(LONG);
            assertThat(alice.connections()).isEmpty();
            assertThat(bob.connections()).isEmpty();
            assertThat(cut.get()).isInstanceOfAny(ConnectionClosedException.class, StreamResetException.class);

            network.heal();
            network.connect(alice, bob);
            network.run(LONG);
            assertThat(bob.connections(alice.id())).hasSize(1);
        }
    }

    @Test
    void lossTakesWholePiecesAndLeavesTheStreamAlive() {
        int pieces = 2_000;
        try (SimNetwork network = SimNetwork.create(spec -> spec.loss(0.25))) {
            Host alice = network.host();
            Host bob = network.host();
            List<String> received = new ArrayList<>();
            bob.handle(ECHO, stream -> stream.receive(Codecs.lines())
                    .doOnNext(received::add)
                    .then());
            network.connect(alice, bob);
            network.run(LONG);
            alice.open(bob.id(), ECHO)
                    .flatMap(stream -> stream.send(
                            Flux.range(0, pieces).map(n -> Unpooled.wrappedBuffer((n + "\n").getBytes(UTF_8)))))
                    .onErrorComplete()
                    .subscribe();
            network.run(LONG);

            assertThat(received.size()).isBetween(pieces * 65 / 100, pieces * 85 / 100);
            assertThat(received).allMatch(line -> line.matches("\\d+")).doesNotHaveDuplicates();
        }
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        assertThat(trace(3)).isEqualTo(trace(3)).isNotEqualTo(trace(4));
    }

    private static List<String> trace(long seed) {
        List<String> trace = new ArrayList<>();
        try (SimNetwork network = SimNetwork.create(spec -> spec.seed(seed))) {
            for (int i = 0; i < 20; i++) {
                Host host = network.host();
                int number = i;
                host.events()
                        .subscribe(event -> trace.add(network.nanoTime() + " " + number + " "
                                + event.getClass().getSimpleName()));
            }
            network.connectRandomly(network.hosts(), 4);
            network.run(LONG);
        }
        return trace;
    }

    @Test
    void aClosedHostIsGoneForTheOthers() {
        try (SimNetwork network = SimNetwork.create(spec -> {})) {
            Host alice = network.host();
            Host bob = network.host();
            network.connect(alice, bob);
            network.run(LONG);
            bob.dispose();
            network.run(LONG);

            assertThat(alice.connections()).isEmpty();
        }
    }

    @Test
    void demandOfTheReceiverReopensTheWindow() {
        try (SimNetwork network = SimNetwork.create(spec -> {})) {
            Host alice = network.host();
            Host bob = network.host();
            AtomicLong received = new AtomicLong();
            AtomicReference<BaseSubscriber<ByteBuf>> reader = new AtomicReference<>();
            bob.handle(ECHO, stream -> {
                BaseSubscriber<ByteBuf> subscriber = new BaseSubscriber<>() {
                    @Override
                    protected void hookOnSubscribe(Subscription subscription) {}

                    @Override
                    protected void hookOnError(Throwable closed) {}

                    @Override
                    protected void hookOnNext(ByteBuf data) {
                        received.addAndGet(data.readableBytes());
                    }
                };
                reader.set(subscriber);
                stream.receive().subscribe(subscriber);
                return stream.onDispose();
            });
            network.connect(alice, bob);
            alice.open(bob.id(), ECHO)
                    .flatMap(stream ->
                            stream.send(Flux.range(0, 2_000).map(n -> Unpooled.wrappedBuffer(new byte[1_024]))))
                    .onErrorComplete()
                    .subscribe();
            network.run(LONG);
            assertThat(received).hasValue(0);

            reader.get().requestUnbounded();
            network.run(LONG);
            assertThat(received).hasValue(2_000 * 1_024);
        }
    }
}
