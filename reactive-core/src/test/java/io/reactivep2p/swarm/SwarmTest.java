package io.reactivep2p.swarm;

import static io.reactivep2p.testing.TestHosts.PATIENCE;
import static io.reactivep2p.testing.TestHosts.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.host.Host;
import io.reactivep2p.host.HostService;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.peerstore.Peerstore;
import io.reactivep2p.resource.Limits;
import io.reactivep2p.testing.TestHosts;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.RawTransport;
import io.reactivep2p.transport.memory.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class SwarmTest {

    @RegisterExtension
    final TestHosts hosts = new TestHosts();

    private final List<RawConnection> raws = new CopyOnWriteArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();

    @AfterEach
    void closeRawEnds() {
        raws.forEach(RawConnection::close);
        listeners.forEach(listener -> listener.close().block(PATIENCE));
    }

    @Test
    @DisplayName(
            "CVE-2022-23492: a flood of half-open connections holds no more than the limit, and leaves room when it ends")
    void halfOpenConnectionsAreBounded() {
        int limit = 5;
        Host listener =
                hosts.listening(builder -> builder.limits(Limits.defaults().withAttempts(limit, 10)));
        Memory memory = Memory.create();

        for (int i = 0; i < 300; i++) {
            raws.add(memory.dial(listener.addresses().get(0)).block(PATIENCE));
        }

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        raws.stream().filter(raw -> raw.channel().isOpen()))
                .hasSize(limit));
        assertThat(listener.connections()).isEmpty();
        raws.forEach(RawConnection::close);
        Host dialer = hosts.start(builder -> {});
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(connect(dialer, listener).remotePeer()).isEqualTo(listener.id()));
    }

    @Test
    void closingAHostClosesConnectionsThatAreHalfOpen() {
        Host listener = hosts.listening();
        RawConnection raw = Memory.create().dial(listener.addresses().get(0)).block(PATIENCE);
        raws.add(raw);

        listener.close().block(PATIENCE);

        await().atMost(PATIENCE).until(() -> !raw.channel().isOpen());
    }

    @Test
    void theLosersOfARaceAreClosedOnBothSides() {
        Host listener = hosts.listening(builder -> builder.listen("/memory/0", "/memory/0", "/memory/0"));
        Host dialer = hosts.start(builder -> {});
        PeerInfo peer = new PeerInfo(listener.id(), listener.addresses());
        assertThat(peer.addresses()).hasSize(4);

        for (int round = 0; round < 15; round++) {
            Connection winner = dialer.dial(peer).block(PATIENCE);

            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(dialer.connections()).containsExactly(winner);
                assertThat(listener.connections()).hasSize(1);
            });
            assertThat(winner.isDisposed()).isFalse();
            winner.close().block(PATIENCE);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(dialer.connections()).isEmpty();
                assertThat(listener.connections()).isEmpty();
            });
        }
    }

    @Test
    void aDialThatIsCancelledWhileItConnectsGivesUpTheConnect() {
        AtomicBoolean cancelled = new AtomicBoolean();
        Host dialer = hosts.start(
                transport(Mono.<RawConnection>never().doOnCancel(() -> cancelled.set(true))),
                builder -> builder.limits(Limits.defaults().withAttempts(1, 1)));
        PeerId peer = PeerId.of(KeyPair.generate().publicKey());
        PeerInfo info = new PeerInfo(peer, List.of(Multiaddr.of("/memory/9")));

        for (int i = 0; i < 3; i++) { // its place is free again each time
            cancelled.set(false);
            Disposable dial = dialer.dial(info).subscribe();
            assertThat(cancelled).isFalse();
            dial.dispose();
            assertThat(cancelled).isTrue();
        }
        assertThat(dialer.connections()).isEmpty();
    }

    @Test
    void aSharedDialIsGivenUpWhenTheLastWaiterCancels() {
        AtomicInteger begun = new AtomicInteger();
        AtomicBoolean cancelled = new AtomicBoolean();
        Host dialer = hosts.start(
                transport(Mono.<RawConnection>never()
                        .doOnSubscribe(subscription -> begun.incrementAndGet())
                        .doOnCancel(() -> cancelled.set(true))),
                builder -> {});
        PeerInfo info = new PeerInfo(PeerId.of(KeyPair.generate().publicKey()), List.of(Multiaddr.of("/memory/9")));

        Disposable first = dialer.dial(info).subscribe();
        Disposable second = dialer.dial(info).subscribe();
        first.dispose();
        assertThat(cancelled).isFalse();
        second.dispose();

        assertThat(cancelled).isTrue();
        assertThat(begun).hasValue(1);
    }

    @Test
    void aDialThatIsCancelledWhileItIsUpgradedClosesTheConnection() {
        Listener silent =
                Memory.create().listen(Multiaddr.of("/memory/0"), raws::add).block(PATIENCE);
        listeners.add(silent);
        Host dialer = hosts.start(builder -> {});
        PeerId peer = PeerId.of(KeyPair.generate().publicKey());

        Disposable dial =
                dialer.dial(new PeerInfo(peer, List.of(silent.address()))).subscribe();
        await().atMost(PATIENCE).until(() -> !raws.isEmpty());
        assertThat(raws.get(0).channel().isOpen()).isTrue();
        dial.dispose();

        await().atMost(PATIENCE).until(() -> !raws.get(0).channel().isOpen());
        assertThat(dialer.connections()).isEmpty();
    }

    @Test
    void whoDialsAgainOnFailureDoesNotJoinTheDialThatFailed() {
        Host listener = hosts.listening();
        Host dialer = hosts.start(builder -> {});
        AtomicInteger failures = new AtomicInteger();

        Connection connection = dialer.dial(listener.id())
                .onErrorResume(DialException.class, noAddressKnown -> {
                    failures.incrementAndGet();
                    dialer.peerstore().addAddresses(listener.id(), listener.addresses(), Peerstore.ADDRESS_TTL);
                    return dialer.dial(listener.id());
                })
                .block(PATIENCE);

        assertThat(connection.remotePeer()).isEqualTo(listener.id());
        assertThat(failures).hasValue(1);
    }

    @Test
    void aDialWaitsUntilOurOwnLimitLetsItBegin() {
        Host listener = hosts.listening();
        Listener silent =
                Memory.create().listen(Multiaddr.of("/memory/0"), raws::add).block(PATIENCE);
        listeners.add(silent);
        Host dialer = hosts.start(builder -> builder.limits(Limits.defaults().withAttempts(1, 1)));
        Disposable hanging = dialer.dial(silent.address()).subscribe();

        StepVerifier.create(dialer.dial(listener.fullAddresses().get(0)))
                .then(() -> assertThat(listener.connections()).isEmpty())
                .then(hanging::dispose)
                .assertNext(connection -> assertThat(connection.remotePeer()).isEqualTo(listener.id()))
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void eachConnectionIsToldOfOnce() {
        Host listener = hosts.listening();
        Host dialer = hosts.start(builder -> {});
        List<HostEvent> events = new CopyOnWriteArrayList<>();
        listener.events().subscribe(events::add);

        for (int i = 0; i < 8; i++) {
            Connection connection = connect(dialer, listener);
            connection.close().block(PATIENCE);
            connection.dispose();
            await().atMost(PATIENCE).until(() -> listener.connections().isEmpty());
        }

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(events).hasSize(32));
        for (Class<?> kind : List.of(
                HostEvent.PeerConnected.class,
                HostEvent.ConnectionOpened.class,
                HostEvent.ConnectionClosed.class,
                HostEvent.PeerDisconnected.class)) {
            assertThat(events).filteredOn(kind::isInstance).hasSize(8);
        }
        assertThat(events)
                .filteredOn(HostEvent.ConnectionOpened.class::isInstance)
                .doesNotHaveDuplicates();
    }

    @Test
    void aServiceThatFailsOnAConnectionHarmsNobody() {
        Host listener = hosts.listening(builder -> builder.service(new HostService() {
            @Override
            public Mono<Void> start(Host host) {
                return Mono.empty();
            }

            @Override
            public void connectionOpened(Connection connection) {
                throw new IllegalStateException("on purpose");
            }
        }));
        ProtocolId nothing = ProtocolId.of("/nothing/1.0.0");
        listener.handle(nothing, stream -> Mono.empty());
        Host dialer = hosts.start(builder -> {});

        StepVerifier.create(connect(dialer, listener).open(nothing).flatMapMany(stream -> stream.receive()))
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void aHandlerThatReturnsNothingAtAllResetsItsStreamOnly() {
        Host listener = hosts.listening();
        ProtocolId broken = ProtocolId.of("/broken/1.0.0");
        listener.handle(broken, stream -> null);
        Host dialer = hosts.start(builder -> {});
        Connection connection = connect(dialer, listener);

        StepVerifier.create(connection.open(broken).flatMapMany(stream -> stream.receive()))
                .expectError(io.reactivep2p.connection.StreamResetException.class)
                .verify(PATIENCE);
        assertThat(connection.isDisposed()).isFalse();
    }

    private static RawTransport transport(Mono<RawConnection> dial) {
        return new RawTransport() {
            @Override
            public Mono<RawConnection> dial(Multiaddr address) {
                return dial;
            }

            @Override
            public Mono<Listener> listen(Multiaddr address, Consumer<RawConnection> acceptor) {
                return Mono.error(new UnsupportedOperationException());
            }

            @Override
            public boolean canDial(Multiaddr address) {
                return true;
            }

            @Override
            public boolean canListen(Multiaddr address) {
                return false;
            }
        };
    }
}
