package io.reactivep2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.security.tls.Tls;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.tcp.Tcp;
import io.reactivep2p.upgrade.ConnectionUpgrader;
import io.reactivep2p.upgrade.UpgraderOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/**
 * Agreeing on the muxer within the security handshake saves a round trip. Below the host, so that nothing but the handshake is on the
 * wire and the flights are counted up to the moment when the connection is ready. We dial: a dialer says nothing unasked after its first
 * words, so that the number of flights does not depend on how the bytes are cut into packets.
 */
class EarlyMuxerInteropIT {

    private static final Duration PATIENCE = OurNode.PATIENCE;
    private static final Tcp TCP = Tcp.create();

    /** By the peers' name for it, with and without early muxer negotiation. */
    private static final Map<String, Function<Boolean, SecureChannel>> SECURITIES = Map.of(
            "noise", early -> Noise.create(spec -> spec.earlyMuxerNegotiation(early)),
            "tls", early -> Tls.create(spec -> spec.earlyMuxerNegotiation(early)));

    private final KeyPair identity = KeyPair.generate();

    static Stream<Handshake> handshakes() {
        return SECURITIES.keySet().stream().sorted().flatMap(security -> Arrays.stream(PeerKind.values())
                .map(kind -> new Handshake(security, kind)));
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

    private static Peer start(Handshake handshake) {
        return Peer.start(
                handshake.kind(), List.of("--listen", "/ip4/127.0.0.1/tcp/0", "--security", handshake.security()));
    }

    private ConnectionUpgrader upgrader(Handshake handshake, boolean early) {
        SecureChannel security = SECURITIES.get(handshake.security()).apply(early);
        return ConnectionUpgrader.create(
                identity, List.of(security), List.of(Yamux.create()), UpgraderOptions.defaults());
    }

    private static Mono<Upgraded> upgrade(ConnectionUpgrader upgrader, RawConnection raw, PeerId expected) {
        FlightCounter counter = new FlightCounter();
        raw.channel().pipeline().addFirst(counter);
        return upgrader.upgrade(raw, expected).map(connection -> ended(connection, counter.flights()));
    }

    private static Upgraded ended(MuxedConnection connection, String flights) {
        connection.dispose();
        return new Upgraded(flights, connection.muxer().toString());
    }

    /** How often we had to wait for them. */
    private static long answers(Upgraded upgraded) {
        return upgraded.flights()
                .chars()
                .filter(flight -> flight == FlightCounter.THEIRS)
                .count();
    }
}
