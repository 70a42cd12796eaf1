package io.reactivep2p.security.tls;

import static io.reactivep2p.security.tls.TlsPair.ALICE;
import static io.reactivep2p.security.tls.TlsPair.BOB;
import static io.reactivep2p.security.tls.TlsPair.BOB_ID;
import static io.reactivep2p.security.tls.TlsPair.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** X25519MLKEM768: a listener takes it from who offers it, and a dialer offers it when it is told to. */
class TlsPostQuantumTest {

    /** Extension key_share of a ServerHello (RFC 8446, 4.2.8): 1,124 bytes, the group 0x11ec, 1,120 bytes. */
    private static final String HYBRID_SHARE = "0033" + "0464" + "11ec" + "0460";

    /** The same with 36 bytes, x25519, 32 bytes. */
    private static final String X25519_SHARE = "0033" + "0024" + "001d" + "0020";

    /** What fits into one packet, nearly everywhere, beside its headers. */
    private static final int ONE_PACKET = 1_200;

    private static Tls tls(Consumer<TlsSpec> options) {
        return Tls.create(options.andThen(spec -> spec.engine(TlsEngine.BORINGSSL)));
    }

    private static byte[] serverHello(Tls dialing, Tls listening) {
        try (TlsPair pair = new TlsPair(dialing, parameters(ALICE, null), listening, parameters(BOB, null))) {
            pair.listener.receive(pair.dialer.sent());
            byte[] answer = pair.listener.sent();
            pair.dialer.receive(answer);
            pair.listener.receive(pair.dialer.sent());
            assertThat(pair.dialer.secured.remotePeer()).isEqualTo(BOB_ID);
            assertThat(pair.listener.secured).isNotNull();
            return answer;
        }
    }

    @Test
    void aDialerDoesNotOfferItUnlessToldToSoThatItsHelloFitsIntoOnePacket() {
        try (TlsPair pair = new TlsPair(tls(spec -> {}))) {
            assertThat(pair.dialer.sent()).hasSizeLessThan(ONE_PACKET);
        }
        assertThat(HexFormat.of().formatHex(serverHello(tls(spec -> {}), tls(spec -> {}))))
                .contains(X25519_SHARE)
                .doesNotContain(HYBRID_SHARE);
    }

    @Test
    void aListenerTakesItFromWhoOffersIt() {
        assertThat(HexFormat.of().formatHex(serverHello(tls(spec -> spec.offerPostQuantum(true)), tls(spec -> {}))))
                .contains(HYBRID_SHARE)
                .doesNotContain(X25519_SHARE);
    }

    @Test
    void whoOffersItReachesAListenerThatHasNone() {
        Tls jdk = Tls.create(spec -> spec.engine(TlsEngine.JDK));
        assertThat(HexFormat.of().formatHex(serverHello(tls(spec -> spec.offerPostQuantum(true)), jdk)))
                .contains(X25519_SHARE);
    }

    @Test
    void anEngineWithoutItCannotOfferIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.create(spec -> spec.engine(TlsEngine.JDK).offerPostQuantum(true)))
                .withMessage("the TLS engine JDK has no X25519MLKEM768 to offer");
    }
}
