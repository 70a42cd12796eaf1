package io.reactivep2p.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.RawTransport;
import io.reactivep2p.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;

/** What every {@link RawTransport} promises. */
public interface TransportContract {

    Duration PATIENCE = Duration.ofSeconds(10);

    RawTransport transport();

    /** Where to listen: anything free, for example port 0 of the loopback interface. */
    Multiaddr anyAddress();

    /** An address of the right kind on which nobody listens. */
    Multiaddr deadAddress();

    /** An address of another kind. */
    default Multiaddr foreignAddress() {
        return Multiaddr.of("/ip4/127.0.0.1/udp/1/quic-v1");
    }

    /** A connection as its transport hands it over. */
    final class HandedOver {

        final RawConnection raw;
        final ByteCollector collector = new ByteCollector();
        final boolean active;
        final boolean autoRead;
        final boolean onLoop;

        HandedOver(RawConnection raw) {
            this.raw = raw;
            this.active = raw.channel().isActive();
            this.autoRead = raw.channel().config().isAutoRead();
            this.onLoop = raw.channel().eventLoop().inEventLoop();
            raw.channel().pipeline().addLast(collector);
        }

        void read() {
            raw.channel().config().setAutoRead(true);
        }
    }

    /** A listener and what it accepted. */
    final class Listening implements AutoCloseable {

        final Listener listener;
        final BlockingQueue<HandedOver> accepted = new LinkedBlockingQueue<>();

        Listening(RawTransport transport, Multiaddr address) {
            listener = transport
                    .listen(address, raw -> accepted.add(new HandedOver(raw)))
                    .blockOptional(PATIENCE)
                    .orElseThrow();
        }

        HandedOver next() {
            try {
                HandedOver next = accepted.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(next).describedAs("an accepted connection").isNotNull();
                return java.util.Objects.requireNonNull(next);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            listener.close().block(PATIENCE);
        }
    }

    /** Closes what arrives, also after it cancelled, where a lambda's subscriber would drop it. */
    final class Closing extends BaseSubscriber<RawConnection> {

        @Override
        protected void hookOnNext(RawConnection raw) {
            raw.close();
        }
    }

    @Test
    default void connectionsAreHandedOverBeforeTheyRead() {
        try (Listening there = new Listening(transport(), anyAddress())) {
            HandedOver here = dial(there);
            HandedOver accepted = there.next();
            for (HandedOver end : List.of(here, accepted)) {
                assertThat(end.active).describedAs("active").isTrue();
                assertThat(end.autoRead).describedAs("autoRead").isFalse();
                assertThat(end.onLoop).describedAs("on the event loop").isTrue();
            }
            here.raw.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[1_000]));
            await().pollDelay(Duration.ofMillis(50)).until(() -> accepted.collector.bytes().length == 0);
            accepted.read();
            await().atMost(PATIENCE).until(() -> accepted.collector.bytes().length == 1_000);
            close(here, accepted);
        }
    }

    @Test
    default void addressesSayWhoIsWhere() {
        try (Listening there = new Listening(transport(), anyAddress())) {
            HandedOver here = dial(there);
            HandedOver accepted = there.next();
            assertThat(there.listener.address()).isNotEqualTo(anyAddress());
            assertThat(here.raw.direction()).isEqualTo(Direction.OUTBOUND);
            assertThat(accepted.raw.direction()).isEqualTo(Direction.INBOUND);
            assertThat(here.raw.remoteAddress()).isEqualTo(there.listener.address());
            assertThat(accepted.raw.localAddress()).isEqualTo(there.listener.address());
            assertThat(accepted.raw.remoteAddress()).isEqualTo(here.raw.localAddress());
            close(here, accepted);
        }
    }

    @Test
    default void bytesFlowBothWaysWhateverTheirChunks() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] up = new byte[1 << 20];
        byte[] down = new byte[700_001];
        random.nextBytes(up);
        random.nextBytes(down);
        try (Listening there = new Listening(transport(), anyAddress())) {
            HandedOver here = dial(there);
            HandedOver accepted = there.next();
            here.read();
            accepted.read();
            send(here.raw.channel(), up, random);
            send(accepted.raw.channel(), down, random);
            await("seed " + seed).atMost(PATIENCE).untilAsserted(() -> {
                assertThat(accepted.collector.bytes()).hasSize(up.length);
                assertThat(here.collector.bytes()).hasSize(down.length);
            });
            assertThat(accepted.collector.bytes()).describedAs("seed %d", seed).isEqualTo(up);
            assertThat(here.collector.bytes()).describedAs("seed %d", seed).isEqualTo(down);
            close(here, accepted);
        }
    }

    @Test
    default void aPeerIdBehindTheAddressIsIgnored() {
        try (Listening there = new Listening(transport(), anyAddress())) {
            Multiaddr full = Multiaddr.of(
                    there.listener.address() + "/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN");
            assertThat(transport().canDial(full)).isTrue();
            HandedOver here = dial(full);
            assertThat(here.raw.remoteAddress()).isEqualTo(there.listener.address());
            close(here, there.next());
        }
    }

    @Test
    default void oneEndClosingClosesTheOther() {
        try (Listening there = new Listening(transport(), anyAddress())) {
            HandedOver here = dial(there);
            HandedOver accepted = there.next();
            accepted.read();
            here.raw.close();
            await().atMost(PATIENCE).until(() -> accepted.collector.inactive());
            assertThat(accepted.raw.channel().isActive()).isFalse();
        }
    }

    @Test
    default void aDeadAddressIsAnErrorThatNamesIt() {
        assertThatThrownBy(() -> transport().dial(deadAddress()).block(PATIENCE))
                .isInstanceOfSatisfying(TransportException.class, error -> assertThat(error.address())
                        .isEqualTo(deadAddress()))
                .hasMessageContaining(deadAddress().toString());
    }

    @Test
    default void foreignAddressesAreNotForThisTransport() {
        assertThat(transport().canDial(foreignAddress())).isFalse();
        assertThat(transport().canListen(foreignAddress())).isFalse();
        assertThat(transport().canDial(deadAddress())).isTrue();
        assertThat(transport().canListen(anyAddress())).isTrue();
    }

    @Test
    default void aBusyAddressIsAnErrorThatNamesIt() {
        try (Listening there = new Listening(transport(), anyAddress())) {
            Multiaddr busy = there.listener.address();
            assertThatThrownBy(
                            () -> transport().listen(busy, RawConnection::close).block(PATIENCE))
                    .isInstanceOfSatisfying(TransportException.class, error -> assertThat(error.address())
                            .isEqualTo(busy))
                    .hasMessageContaining(busy.toString());
        }
    }

    @Test
    default void nothingHappensBeforeSubscription() {
        try (Listening there = new Listening(transport(), anyAddress())) {
            var dial = transport().dial(there.listener.address());
            var listen = transport().listen(there.listener.address(), RawConnection::close);
            await().pollDelay(Duration.ofMillis(50)).until(there.accepted::isEmpty);
            assertThat(List.of(dial, listen)).hasSize(2);
        }
    }

    @Test
    default void aCancelledDialLeavesNoConnection() {
        try (Listening there = new Listening(transport(), anyAddress())) {
            for (int i = 0; i < 20; i++) {
                Closing attempt = new Closing();
                transport().dial(there.listener.address()).subscribe(attempt);
                attempt.dispose();
            }
            await().pollDelay(Duration.ofMillis(100))
                    .atMost(PATIENCE)
                    .untilAsserted(() -> there.accepted.forEach(end -> {
                        end.read();
                        assertThat(end.raw.channel().isActive()).isFalse();
                    }));
        }
    }

    @Test
    default void aClosedListenerAcceptsNobodyAndItsConnectionsLiveOn() {
        try (Listening there = new Listening(transport(), anyAddress())) {
            HandedOver here = dial(there);
            HandedOver accepted = there.next();
            there.listener.dispose();
            there.listener.onDispose().block(PATIENCE);
            assertThat(there.listener.isDisposed()).isTrue();
            there.listener.close().block(PATIENCE);
            assertThatThrownBy(() -> transport().dial(there.listener.address()).block(PATIENCE))
                    .isInstanceOf(TransportException.class);

            accepted.read();
            here.raw.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
            await().atMost(PATIENCE).until(() -> accepted.collector.bytes().length == 3);
            close(here, accepted);
        }
    }

    @Test
    default void anAcceptorThatThrowsClosesItsConnectionOnly() {
        List<HandedOver> later = new ArrayList<>();
        boolean[] first = {true};
        Listener listener = transport()
                .listen(anyAddress(), raw -> {
                    if (first[0]) {
                        first[0] = false;
                        throw new IllegalStateException("thrown by the test's acceptor");
                    }
                    synchronized (later) {
                        later.add(new HandedOver(raw));
                    }
                })
                .blockOptional(PATIENCE)
                .orElseThrow();
        HandedOver refused = dial(listener.address());
        refused.read();
        await().atMost(PATIENCE).until(() -> refused.collector.inactive());
        HandedOver taken = dial(listener.address());
        await().atMost(PATIENCE).until(() -> {
            synchronized (later) {
                return later.size() == 1;
            }
        });
        close(taken, later.get(0));
        listener.close().block(PATIENCE);
    }

    private HandedOver dial(Listening there) {
        return dial(there.listener.address());
    }

    private HandedOver dial(Multiaddr address) {
        @Nullable
        HandedOver here = transport().dial(address).map(HandedOver::new).block(PATIENCE);
        return java.util.Objects.requireNonNull(here);
    }

    private static void close(HandedOver... ends) {
        for (HandedOver end : ends) {
            end.read();
            end.raw.close();
        }
        for (HandedOver end : ends) {
            await().atMost(PATIENCE).until(() -> !end.raw.channel().isOpen());
        }
    }

    private static void send(Channel channel, byte[] bytes, Random random) {
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(40_000));
            channel.writeAndFlush(channel.alloc().buffer(length).writeBytes(bytes, at, length));
            at += length;
        }
    }
}
