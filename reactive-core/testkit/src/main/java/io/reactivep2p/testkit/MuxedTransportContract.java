package io.reactivep2p.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.reactivep2p.connection.Direction;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedTransport;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.testkit.MuxedEnds.Accepted;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.TransportException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** What every {@link MuxedTransport} promises of its listeners, dials and connections; see {@link MuxedStreamContract} for streams. */
public interface MuxedTransportContract {

    Duration PATIENCE = LoopStream.PATIENCE;

    /** One for both ends. */
    MuxedTransport transport();

    /** Where to listen: anything free, for example port 0 of the loopback interface. */
    Multiaddr anyAddress();

    /** An address of the right kind on which nobody listens. */
    Multiaddr deadAddress();

    /** An address of another kind. */
    default Multiaddr foreignAddress() {
        return Multiaddr.of("/ip4/127.0.0.1/tcp/1");
    }

    @Test
    default void connectionsAreHandedOverOnTheirEventLoop() {
        try (MuxedEnds ends = new MuxedEnds(transport(), anyAddress())) {
            MuxedConnection here = ends.dial(null);
            Accepted there = ends.next();
            assertThat(there.onLoop()).isTrue();
            assertThat(here.isDisposed()).isFalse();
            assertThat(there.connection().isDisposed()).isFalse();
            MuxedEnds.close(here, there.connection());
        }
    }

    @Test
    default void addressesSayWhoIsWhere() {
        try (MuxedEnds ends = new MuxedEnds(transport(), anyAddress()).connect()) {
            assertThat(ends.listener.address()).isNotEqualTo(anyAddress());
            assertThat(ends.here().direction()).isEqualTo(Direction.OUTBOUND);
            assertThat(ends.there().direction()).isEqualTo(Direction.INBOUND);
            assertThat(ends.here().remoteAddress()).isEqualTo(ends.listener.address());
            assertThat(ends.there().localAddress()).isEqualTo(ends.listener.address());
            assertThat(ends.there().remoteAddress()).isEqualTo(ends.here().localAddress());
        }
    }

    @Test
    default void bothEndsHaveProvedWhoTheyAre() {
        try (MuxedEnds ends = new MuxedEnds(transport(), anyAddress()).connect()) {
            PeerId dialer = PeerId.of(MuxedEnds.DIALER.publicKey());
            PeerId listener = PeerId.of(MuxedEnds.LISTENER.publicKey());
            assertThat(ends.here().localPeer()).isEqualTo(dialer);
            assertThat(ends.here().remotePeer()).isEqualTo(listener);
            assertThat(ends.here().remoteKey()).isEqualTo(MuxedEnds.LISTENER.publicKey());
            assertThat(ends.there().localPeer()).isEqualTo(listener);
            assertThat(ends.there().remotePeer()).isEqualTo(dialer);
            assertThat(ends.there().remoteKey()).isEqualTo(MuxedEnds.DIALER.publicKey());
        }
    }

    @Test
    default void whoeverIsExpectedMustBeThere() {
        PeerId nobody = PeerId.of(KeyPair.generate().publicKey());
        PeerId listener = PeerId.of(MuxedEnds.LISTENER.publicKey());
        try (MuxedEnds ends = new MuxedEnds(transport(), anyAddress())) {
            assertThatThrownBy(() -> ends.dial(nobody))
                    .isInstanceOf(HandshakeException.class)
                    .hasMessageContaining(nobody.toString())
                    .hasMessageContaining(listener.toString());
            assertThat(ends.accepted).isEmpty();
            MuxedEnds.close(ends.dial(listener), ends.next().connection());
        }
    }

    @Test
    default void aPeerIdBehindTheAddressIsIgnored() {
        try (MuxedEnds ends = new MuxedEnds(transport(), anyAddress())) {
            Multiaddr full =
                    Multiaddr.of(ends.listener.address() + "/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN");
            assertThat(transport().canDial(full)).isTrue();
            MuxedConnection here = ends.dial(full, null);
            assertThat(here.remoteAddress()).isEqualTo(ends.listener.address());
            MuxedEnds.close(here, ends.next().connection());
        }
    }

    @Test
    default void aDeadAddressIsAnErrorThatNamesIt() {
        assertThatThrownBy(() ->
                        transport().dial(deadAddress(), MuxedEnds.DIALER, null).block(PATIENCE))
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
        assertThatThrownBy(() -> transport()
                        .dial(foreignAddress(), MuxedEnds.DIALER, null)
                        .block(PATIENCE))
                .isInstanceOf(TransportException.class);
        assertThatThrownBy(() -> transport()
                        .listen(foreignAddress(), MuxedEnds.DIALER, MuxedConnection::dispose)
                        .block(PATIENCE))
                .isInstanceOf(TransportException.class);
    }

    @Test
    default void aBusyAddressIsAnErrorThatNamesIt() {
        try (MuxedEnds ends = new MuxedEnds(transport(), anyAddress())) {
            Multiaddr busy = ends.listener.address();
            assertThatThrownBy(() -> transport()
                            .listen(busy, MuxedEnds.LISTENER, MuxedConnection::dispose)
                            .block(PATIENCE))
                    .isInstanceOfSatisfying(TransportException.class, error -> assertThat(error.address())
                            .isEqualTo(busy))
                    .hasMessageContaining(busy.toString());
        }
    }

    @Test
    default void aPortIsFreeAgainWhenItsListenerIsClosed() {
        MuxedEnds ends = new MuxedEnds(transport(), anyAddress());
        Multiaddr address = ends.listener.address();
        ends.close();
        try (MuxedEnds again = new MuxedEnds(transport(), address).connect()) {
            assertThat(again.listener.address()).isEqualTo(address);
        }
    }

    @Test
    default void severalListenersServeSideBySide() {
        try (MuxedEnds one = new MuxedEnds(transport(), anyAddress()).connect();
                MuxedEnds two = new MuxedEnds(transport(), anyAddress()).connect()) {
            assertThat(one.listener.address()).isNotEqualTo(two.listener.address());
            assertThat(one.openBoth()).isNotNull();
            assertThat(two.openBoth()).isNotNull();
        }
    }

    @Test
    default void nothingHappensBeforeSubscription() {
        try (MuxedEnds ends = new MuxedEnds(transport(), anyAddress())) {
            var dial = transport().dial(ends.listener.address(), MuxedEnds.DIALER, null);
            var listen = transport().listen(ends.listener.address(), MuxedEnds.LISTENER, MuxedConnection::dispose);
            await().pollDelay(Duration.ofMillis(50)).until(ends.accepted::isEmpty);
            assertThat(List.of(dial, listen)).hasSize(2);
        }
    }

    @Test
    default void aCancelledDialLeavesNoConnection() {
        try (MuxedEnds ends = new MuxedEnds(transport(), anyAddress())) {
            for (int i = 0; i < 20; i++) {
                // Handed over before the cancellation, it is the subscriber's.
                Disposable attempt = transport()
                        .dial(ends.listener.address(), MuxedEnds.DIALER, null)
                        .subscribe(MuxedConnection::dispose);
                attempt.dispose();
            }
            await().pollDelay(Duration.ofMillis(100)).atMost(PATIENCE).untilAsserted(() -> assertThat(ends.accepted)
                    .allMatch(end -> end.connection().isDisposed()));
        }
    }

    @Test
    default void aClosedListenerAcceptsNobodyAndItsConnectionsLiveOn() {
        try (MuxedEnds ends = new MuxedEnds(transport(), anyAddress()).connect()) {
            ends.listener.dispose();
            ends.listener.onDispose().block(PATIENCE);
            assertThat(ends.listener.isDisposed()).isTrue();
            ends.listener.close().block(PATIENCE);
            assertThatThrownBy(() -> ends.dial(null)).isInstanceOf(TransportException.class);

            assertThat(ends.openBoth()).isNotNull();
            assertThat(ends.openBoth(ends.there())).isNotNull();
        }
    }

    @Test
    default void anAcceptorThatThrowsClosesItsConnectionOnly() {
        AtomicBoolean first = new AtomicBoolean(true);
        BlockingQueue<MuxedConnection> taken = new LinkedBlockingQueue<>();
        Listener listener = transport()
                .listen(anyAddress(), MuxedEnds.LISTENER, connection -> {
                    if (first.getAndSet(false)) {
                        throw new IllegalStateException("thrown by the test's acceptor");
                    }
                    taken.add(connection);
                })
                .blockOptional(PATIENCE)
                .orElseThrow();
        MuxedConnection refused = Objects.requireNonNull(
                transport().dial(listener.address(), MuxedEnds.DIALER, null).block(PATIENCE));
        refused.onDispose().block(PATIENCE);
        MuxedConnection welcome = Objects.requireNonNull(
                transport().dial(listener.address(), MuxedEnds.DIALER, null).block(PATIENCE));
        MuxedEnds.close(welcome, MuxedEnds.poll(taken, "the second connection"));
        listener.close().block(PATIENCE);
    }
}
