package io.reactivep2p.host;

import static io.reactivep2p.testing.TestHosts.PATIENCE;
import static io.reactivep2p.testing.TestHosts.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.MultiformatException;
import io.reactivep2p.multistream.NegotiationException;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.record.PeerRecord;
import io.reactivep2p.resource.Limits;
import io.reactivep2p.resource.ResourceLimitException;
import io.reactivep2p.swarm.DialException;
import io.reactivep2p.testing.TestHosts;
import io.reactivep2p.wire.Codecs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class HostTest {

    private static final ProtocolId ECHO = ProtocolId.of("/echo/1.0.0");

    @RegisterExtension
    final TestHosts hosts = new TestHosts();

    @Test
    void aDialReachesThePeerThatTheAddressNames() {
        Host listener = hosts.listening();
        Host dialer = hosts.start(builder -> {});

        Connection connection = connect(dialer, listener);

        assertThat(connection.remotePeer()).isEqualTo(listener.id());
        assertThat(dialer.connections(listener.id())).containsExactly(connection);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(listener.connections(dialer.id()))
                .hasSize(1));
    }

    @Test
    void aSecondDialReusesTheConnection() {
        Host listener = hosts.listening();
        Host dialer = hosts.start(builder -> {});

        assertThat(connect(dialer, listener)).isSameAs(connect(dialer, listener));
        assertThat(dialer.dial(listener.id()).block(PATIENCE)).isSameAs(connect(dialer, listener));
    }

    @Test
    void dialsOfOnePeerAtTheSameTimeShareOneAttempt() {
        Host listener = hosts.listening();
        Host dialer = hosts.start(builder -> {});

        List<Connection> connections = Flux.range(0, 20)
                .flatMap(i -> dialer.dial(listener.fullAddresses().get(0)), 20)
                .collectList()
                .block(PATIENCE);

        assertThat(connections).hasSize(20).containsOnly(connections.get(0));
        assertThat(dialer.connections()).hasSize(1);
    }

    @Test
    void aDialNobodyWaitsForAnyMoreIsGivenUp() {
        Host listener = hosts.listening();
        Host dialer = hosts.start(builder -> {});

        Disposable waiting = dialer.dial(listener.fullAddresses().get(0)).subscribe();
        waiting.dispose();

        // Whatever became of the first attempt, the next one is not held up by it.
        assertThat(connect(dialer, listener).remotePeer()).isEqualTo(listener.id());
    }

    @Test
    void aFailedDialNamesEachAddressWithItsCause() {
        Host dialer = hosts.start(builder -> {});
        PeerId nobody = PeerId.of(KeyPair.generate().publicKey());
        Multiaddr silent = Multiaddr.of("/memory/987654321");
        Multiaddr foreign = Multiaddr.of("/ip4/203.0.113.1/tcp/1");

        StepVerifier.create(dialer.dial(new PeerInfo(nobody, List.of(silent, foreign))))
                .expectErrorSatisfies(error -> {
                    assertThat(error).isInstanceOf(DialException.class).hasMessageContaining(nobody.toString());
                    DialException failed = (DialException) error;
                    assertThat(failed.peer()).contains(nobody);
                    assertThat(failed.attempts()).containsOnlyKeys(silent, foreign);
                    assertThat(failed.attempts().get(silent)).hasMessageContaining("987654321");
                    assertThat(failed.attempts().get(foreign)).hasMessageContaining("no transport");
                })
                .verify(PATIENCE);
    }

    @Test
    void aPeerWithoutAKnownAddressCannotBeDialed() {
        Host dialer = hosts.start(builder -> {});

        StepVerifier.create(dialer.dial(PeerId.of(KeyPair.generate().publicKey())))
                .expectErrorSatisfies(error ->
                        assertThat(error).isInstanceOf(DialException.class).hasMessageContaining("no address is known"))
                .verify(PATIENCE);
    }

    @Test
    void aHostDoesNotDialItself() {
        Host host = hosts.listening();

        StepVerifier.create(host.dial(host.fullAddresses().get(0)))
                .expectError(DialException.class)
                .verify(PATIENCE);
    }

    @Test
    void whoAnswersAtTheAddressOfAnotherPeerIsRefused() {
        Host listener = hosts.listening();
        Host dialer = hosts.start(builder -> {});
        PeerId other = PeerId.of(KeyPair.generate().publicKey());

        StepVerifier.create(dialer.dial(new PeerInfo(other, listener.addresses())))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(DialException.class)
                        .hasMessageContaining(listener.id().toString()))
                .verify(PATIENCE);
        assertThat(dialer.connections()).isEmpty();
    }

    @Test
    void aMalformedAddressIsTheMonosError() {
        Host dialer = hosts.start(builder -> {});

        StepVerifier.create(dialer.dial("/ip4/300.1.1.1/tcp/1"))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(MultiformatException.class)
                        .hasMessageContaining("300.1.1.1"))
                .verify(PATIENCE);
    }

    @Test
    void anAddressThatFailedLatelyIsLeftAloneUnlessItIsAskedForByName() {
        Host dialer = hosts.start(builder -> {});
        PeerId nobody = PeerId.of(KeyPair.generate().publicKey());
        PeerInfo silent = new PeerInfo(nobody, List.of(Multiaddr.of("/memory/987654322")));

        StepVerifier.create(dialer.dial(silent))
                .expectError(DialException.class)
                .verify(PATIENCE);
        StepVerifier.create(dialer.dial(nobody))
                .expectErrorSatisfies(error -> assertThat(error).hasMessageContaining("it failed lately"))
                .verify(PATIENCE);
        StepVerifier.create(dialer.dial(silent))
                .expectErrorSatisfies(error -> assertThat(error).hasMessageContaining("nobody"))
                .verify(PATIENCE);
    }

    @Test
    void aHandlerServesTheStreamsOfItsProtocol() {
        Host listener = hosts.listening();
        listener.handle(ECHO, stream -> stream.send(stream.receive().map(ByteBuf::retain)));
        Host dialer = hosts.start(builder -> {});

        assertThat(echo(connect(dialer, listener), "first")).isEqualTo("first");
        assertThat(echo(connect(dialer, listener), "second, without waiting for the answer"))
                .isEqualTo("second, without waiting for the answer");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(connect(dialer, listener).streams()).isEmpty());
    }

    @Test
    void aProtocolThatNobodyServesIsRefused() {
        Host listener = hosts.listening();
        Host dialer = hosts.start(builder -> {});

        StepVerifier.create(connect(dialer, listener).open(ProtocolId.of("/nobody/1.0.0")))
                .expectErrorSatisfies(error -> {
                    assertThat(error).isInstanceOf(NegotiationException.class).hasMessageContaining("/nobody/1.0.0");
                    assertThat(((NegotiationException) error).offered())
                            .containsExactly(ProtocolId.of("/nobody/1.0.0"));
                })
                .verify(PATIENCE);
    }

    @Test
    void theFirstProtocolThatBothSpeakIsTaken() {
        Host listener = hosts.listening();
        listener.handle(ECHO, stream -> stream.send(stream.receive().map(ByteBuf::retain)));
        Host dialer = hosts.start(builder -> {});

        ProtocolStream stream = connect(dialer, listener)
                .open(List.of(ProtocolId.of("/echo/2.0.0"), ECHO))
                .block(PATIENCE);

        assertThat(stream.protocol()).isEqualTo(ECHO);
        stream.dispose();
    }

    @Test
    void aProtocolThatIsNoLongerServedIsRefusedEvenWhereItIsKnown() {
        Host listener = hosts.listening();
        Disposable served =
                listener.handle(ECHO, stream -> stream.send(stream.receive().map(ByteBuf::retain)));
        Host dialer = hosts.start(builder -> {});
        Connection connection = connect(dialer, listener);
        echo(connection, "now it is known");
        served.dispose();

        StepVerifier.create(connection.open(ECHO).flatMapMany(ProtocolStream::receive))
                .expectError(NegotiationException.class)
                .verify(PATIENCE);
    }

    @Test
    void aHandlerThatFailsResetsItsStreamAndNothingElse() {
        Host listener = hosts.listening();
        listener.handle(ECHO, stream -> Mono.error(new IllegalStateException("on purpose")));
        listener.handle(ProtocolId.of("/throws/1.0.0"), stream -> {
            throw new IllegalStateException("on purpose");
        });
        Host dialer = hosts.start(builder -> {});
        Connection connection = connect(dialer, listener);

        for (ProtocolId protocol : List.of(ECHO, ProtocolId.of("/throws/1.0.0"))) {
            StepVerifier.create(connection.open(protocol).flatMapMany(ProtocolStream::receive))
                    .expectErrorSatisfies(error -> {
                        assertThat(error).isInstanceOf(StreamResetException.class);
                        assertThat(((StreamResetException) error).remote()).isTrue();
                    })
                    .verify(PATIENCE);
        }
        assertThat(connection.isDisposed()).isFalse();
    }

    @Test
    void aHandlerIsCancelledWhenItsStreamIsGone() {
        AtomicBoolean cancelled = new AtomicBoolean();
        Host listener = hosts.listening();
        listener.handle(ECHO, stream -> Mono.<Void>never().doOnCancel(() -> cancelled.set(true)));
        Host dialer = hosts.start(builder -> {});

        connect(dialer, listener).open(ECHO).block(PATIENCE).dispose();

        await().atMost(PATIENCE).untilTrue(cancelled);
    }

    @Test
    void oneProtocolHasOneHandler() {
        Host host = hosts.listening();
        host.handle(ECHO, stream -> Mono.empty());

        assertThatThrownBy(() -> host.handle(ECHO, stream -> Mono.empty()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/echo/1.0.0");
        StepVerifier.create(host.streams(ECHO))
                .expectError(IllegalStateException.class)
                .verify(PATIENCE);
    }

    @Test
    void streamsBeyondTheLimitOfAProtocolAreReset() {
        Host listener = hosts.listening();
        listener.handle(ECHO, new HandlerOptions(10, 2), stream -> Mono.never());
        Host dialer = hosts.start(builder -> {});
        Connection connection = connect(dialer, listener);

        ProtocolStream first = connection.open(ECHO).block(PATIENCE);
        connection.open(ECHO).block(PATIENCE);

        StepVerifier.create(connection.open(ECHO).flatMapMany(ProtocolStream::receive))
                .expectErrorSatisfies(error -> assertThat(error).isInstanceOf(StreamResetException.class))
                .verify(PATIENCE);
        first.dispose();
        await().atMost(PATIENCE).untilAsserted(() -> {
            ProtocolStream again = connection.open(ECHO).block(PATIENCE);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            again.receive().subscribe(data -> {}, failure::set);
            // An echo of the negotiation only; the stream lives while its handler does.
            assertThat(again.send(Mono.just(Unpooled.wrappedBuffer(new byte[1])))
                            .then(Mono.just(true))
                            .block(PATIENCE))
                    .isTrue();
            assertThat(failure.get()).isNull();
        });
    }

    @Test
    void connectionsBeyondTheLimitToOnePeerAreRefused() {
        Host listener = hosts.listening();
        Host dialer = hosts.start(builder -> builder.limits(Limits.defaults().withConnections(10, 2)));
        Multiaddr address = listener.addresses().get(0);

        dialer.dial(address).block(PATIENCE);
        dialer.dial(address).block(PATIENCE);

        StepVerifier.create(dialer.dial(address))
                .expectErrorSatisfies(
                        error -> assertThat(((DialException) error).attempts().get(address))
                                .isInstanceOf(ResourceLimitException.class))
                .verify(PATIENCE);
        assertThat(dialer.connections(listener.id())).hasSize(2);
    }

    @Test
    void inboundStreamsComeAsAFluxWhileItIsSubscribedTo() {
        Host listener = hosts.listening();
        Host dialer = hosts.start(builder -> {});
        List<ProtocolStream> streams = new CopyOnWriteArrayList<>();
        Disposable subscription = listener.streams(ECHO).subscribe(streams::add);
        Connection connection = connect(dialer, listener);

        ProtocolStream opened = connection.open(ECHO).block(PATIENCE);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(streams).hasSize(1));
        assertThat(streams.get(0).connection().remotePeer()).isEqualTo(dialer.id());
        opened.dispose();
        subscription.dispose();
        assertThat(listener.protocols()).doesNotContain(ECHO);
    }

    @Test
    void streamsThatNobodyRequestedAreReset() {
        Host listener = hosts.listening();
        Host dialer = hosts.start(builder -> {});
        BaseSubscriber<ProtocolStream> requestsNothing = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}
        };
        listener.streams(ECHO).subscribe(requestsNothing);

        StepVerifier.create(connect(dialer, listener).open(ECHO).flatMapMany(ProtocolStream::receive))
                .expectError(StreamResetException.class)
                .verify(PATIENCE);
        requestsNothing.dispose();
    }

    @Test
    void aRequestIsAnsweredOnAStreamOfItsOwn() {
        RequestResponse<String, String> shout = RequestResponse.of("/shout/1.0.0", Codecs.lines(), Codecs.lines());
        Host listener = hosts.listening();
        listener.handle(shout, (from, text) -> Mono.just(text.toUpperCase(java.util.Locale.ROOT) + " from " + from));
        Host dialer = hosts.start(builder -> {});
        connect(dialer, listener);

        List<String> answers = Flux.range(0, 200)
                .flatMap(i -> shout.request(dialer, listener.id(), "hello " + i), 16)
                .collectList()
                .block(PATIENCE);

        assertThat(answers).hasSize(200).allMatch(answer -> answer.endsWith(" from " + dialer.id()));
        assertThat(answers).contains("HELLO 0 from " + dialer.id(), "HELLO 199 from " + dialer.id());
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(connect(dialer, listener).streams()).isEmpty());
    }

    @Test
    void anAnswerThatFailsResetsTheRequest() {
        RequestResponse<String, String> shout = RequestResponse.of("/shout/1.0.0", Codecs.lines(), Codecs.lines());
        Host listener = hosts.listening();
        listener.handle(shout, (from, text) -> Mono.error(new IllegalArgumentException("on purpose")));
        Host dialer = hosts.start(builder -> {});
        connect(dialer, listener);

        StepVerifier.create(shout.request(dialer, listener.id(), "hello"))
                .expectError(StreamResetException.class)
                .verify(PATIENCE);
    }

    @Test
    void eventsTellOfConnectionsAndPeersInOrder() {
        Host listener = hosts.listening();
        Host dialer = hosts.start(builder -> {});
        List<HostEvent> events = new CopyOnWriteArrayList<>();
        dialer.events().subscribe(events::add);

        Connection connection = connect(dialer, listener);
        connection.close().block(PATIENCE);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(events).hasSize(4));
        assertThat(events.get(0)).isEqualTo(new HostEvent.PeerConnected(listener.id()));
        assertThat(events.get(1)).isEqualTo(new HostEvent.ConnectionOpened(connection));
        assertThat(new ArrayList<>(events.subList(2, 4)))
                .hasOnlyElementsOfTypes(HostEvent.PeerDisconnected.class, HostEvent.ConnectionClosed.class);
    }

    @Test
    void theSignedRecordFollowsTheAddresses() {
        Host host = hosts.listening();
        PeerRecord before = PeerRecord.open(host.peerRecord().toBytes());

        Multiaddr added = host.listen(Multiaddr.of("/memory/0")).block(PATIENCE);
        PeerRecord after = PeerRecord.open(host.peerRecord().toBytes());

        assertThat(before.addresses()).isEqualTo(List.of(host.addresses().get(0)));
        assertThat(after.addresses())
                .containsExactlyElementsOf(host.addresses())
                .contains(added);
        assertThat(after.isNewerThan(before)).isTrue();
    }

    @Test
    void aBusyAddressFailsTheStartAndNamesItself() {
        Host first = hosts.listening();

        assertThatThrownBy(() -> hosts.start(
                        builder -> builder.listen(first.addresses().get(0).toString())))
                .hasMessageContaining(first.addresses().get(0).toString());
    }

    @Test
    void anAddressThatNoTransportListensOnIsRefused() {
        assertThatThrownBy(() -> hosts.start(builder -> builder.listen("/ip4/127.0.0.1/tcp/0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/ip4/127.0.0.1/tcp/0");
    }

    @Test
    void closingAHostEndsItsConnectionsAndStreams() {
        Host listener = hosts.listening();
        listener.handle(ECHO, stream -> Mono.never());
        Host dialer = hosts.start(builder -> {});
        Connection connection = connect(dialer, listener);
        ProtocolStream stream = connection.open(ECHO).block(PATIENCE);

        listener.close().block(PATIENCE);

        StepVerifier.create(stream.receive())
                .expectError(ConnectionClosedException.class)
                .verify(PATIENCE);
        connection.onDispose().block(PATIENCE);
        assertThat(connection.closeCause())
                .get()
                .extracting(ConnectionClosedException::remote)
                .isEqualTo(true);
        StepVerifier.create(listener.dial(dialer.id())).expectError().verify(PATIENCE);
        StepVerifier.create(listener.events()).expectComplete().verify(PATIENCE);
        assertThat(listener.isDisposed()).isTrue();
    }

    @Test
    void aResetReachesTheOtherSideWithItsCode() {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Host listener = hosts.listening();
        listener.handle(ECHO, stream -> stream.receive().doOnError(seen::set).then());
        Host dialer = hosts.start(builder -> {});
        ProtocolStream stream = connect(dialer, listener).open(ECHO).block(PATIENCE);

        stream.reset(ErrorCode.of(77));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(seen.get()).isInstanceOf(StreamResetException.class));
        assertThat(((StreamResetException) seen.get()).remote()).isTrue();
    }

    private static String echo(Connection connection, String text) {
        return connection
                .open(ECHO)
                .flatMap(stream -> stream.send(
                                Mono.fromSupplier(() -> Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)))
                        .then(stream.closeWrite())
                        .then(stream.receive()
                                .map(data -> data.toString(StandardCharsets.UTF_8))
                                .reduce(String::concat)))
                .block(PATIENCE);
    }
}
