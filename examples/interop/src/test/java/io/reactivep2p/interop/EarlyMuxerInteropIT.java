package io.reactivep2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.tcp.Tcp;
import io.reactivep2p.upgrade.ConnectionUpgrader;
import io.reactivep2p.upgrade.UpgraderOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/**
 * Agreeing on the muxer within the security handshake saves a round trip. Below the host, so that nothing but the handshake is on the
 * wire and the flights are counted up to the moment when the connection is ready.
 */
class EarlyMuxerInteropIT {

    private static final Duration PATIENCE = OurNode.PATIENCE;
    private static final Tcp TCP = Tcp.create();

    /** By the peers' name for it, with and without early muxer negotiation. */
    private static final Map<String, Function<Boolean, SecureChannel>> SECURITIES =
            Map.of("noise", early -> Noise.create(spec -> spec.earlyMuxerNegotiation(early)));

    private final KeyPair identity = KeyPair.generate();

    static Stream<Handshake> handshakes() {
        return SECURITIES.keySet().stream()
                .sorted()
                .flatMap(security ->
                        Arrays.stream(PeerKind.values()).map(kind -> new Handshake(security, kind)));
    }

    record Handshake(String security, PeerKind kind) {

        /** Whether the peer's library can do it. */
        boolean canBeShort() {
            return kind != PeerKind.RUST;
        }

        @Override
        public String toString() {
            return security + " with " + kind;
        }
    }

    /** What it took until the connection was ready. */
    private record Upgraded(String flights, String muxer) {}

    @ParameterizedTest
    @MethodSource("handshakes")
    void dialingWaitsForOneAnswerLess(Handshake handshake) {
        Upgraded plain = dial(handshake, false);
        Upgraded early = dial(handshake, true);

        assertThat(answers(plain)).isEqualTo(3); // to the security's name, the handshake, the muxer's name
        assertThat(answers(early)).isEqualTo(handshake.canBeShort() ? 2 : 3);
        assertThat(early.muxer()).isEqualTo("/yamux/1.0.0");
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void aDialedListenerAnswersOnceLess(Handshake handshake) throws Exception {
        Upgraded plain = listen(handshake, false);
        Upgraded early = listen(handshake, true);

        assertThat(ours(plain) - ours(early)).isEqualTo(handshake.canBeShort() ? 1 : 0);
        assertThat(early.muxer()).isEqualTo("/yamux/1.0.0");
    }

    private Upgraded dial(Handshake handshake, boolean early) {
        handshake.kind().require();
        ConnectionUpgrader upgrader = upgrader(handshake, early);
        try (Peer peer = start(handshake)) {
            return TCP.dial(Multiaddr.of(peer.address()))
                    .flatMap(raw -> upgrade(upgrader, raw, PeerId.of(peer.id())))
                    .blockOptional(PATIENCE)
                    .orElseThrow();
        }
    }

    private Upgraded listen(Handshake handshake, boolean early) throws Exception {
        handshake.kind().require();
        ConnectionUpgrader upgrader = upgrader(handshake, early);
        CompletableFuture<Upgraded> upgraded = new CompletableFuture<>();
        Listener listener = TCP.listen(
                        Multiaddr.of("/ip4/127.0.0.1/tcp/0"),
                        raw -> upgrade(upgrader, raw, null)
                                .subscribe(upgraded::complete, upgraded::completeExceptionally))
                .blockOptional(PATIENCE)
                .orElseThrow();
        try (Peer peer = start(handshake)) {
            // It may see its connection end before its command is done: we are only after the beginning.
            peer.begin("dial", Map.of("addr", listener.address() + "/p2p/" + PeerId.of(identity.publicKey())));
            return upgraded.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            listener.close().block(PATIENCE);
        }
    }

    private static Peer start(Handshake handshake) {
        return Peer.start(
                handshake.kind(), List.of("--listen", "/ip4/127.0.0.1/tcp/0", "--security", handshake.security()));
    }

    private ConnectionUpgrader upgrader(Handshake handshake, boolean early) {
        SecureChannel security = SECURITIES.get(handshake.security()).apply(early);
        return ConnectionUpgrader.create(
                identity, List.of(security), List.of(Yamux.create()), UpgraderOptions.defaults());
    }

    private static Mono<Upgraded> upgrade(ConnectionUpgrader upgrader, RawConnection raw, @Nullable PeerId expected) {
        FlightCounter counter = new FlightCounter();
        raw.channel().pipeline().addFirst(counter);
        return upgrader.upgrade(raw, expected).map(connection -> ended(connection, counter.flights()));
    }

    private static Upgraded ended(MuxedConnection connection, String flights) {
        connection.dispose();
        return new Upgraded(flights, connection.muxer().toString());
    }

    private static long answers(Upgraded upgraded) {
        return count(upgraded, FlightCounter.THEIRS);
    }

    private static long ours(Upgraded upgraded) {
        return count(upgraded, FlightCounter.OURS);
    }

    private static long count(Upgraded upgraded, char whose) {
        return upgraded.flights().chars().filter(flight -> flight == whose).count();
    }
}
