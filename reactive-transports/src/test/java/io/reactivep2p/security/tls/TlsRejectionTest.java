package io.reactivep2p.security.tls;

import static io.reactivep2p.security.tls.CertificateForge.LIBP2P_OID;
import static io.reactivep2p.security.tls.CertificateForge.NOW;
import static io.reactivep2p.security.tls.CertificateForge.extension;
import static io.reactivep2p.security.tls.CertificateForge.keys;
import static io.reactivep2p.security.tls.TlsPair.ALICE;
import static io.reactivep2p.security.tls.TlsPair.ALICE_ID;
import static io.reactivep2p.security.tls.TlsPair.parameters;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.connection.Direction;
import io.reactivep2p.crypto.Der;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule of the specification, in whole handshakes with a peer that breaks it: with both engines, dialed and listening. */
@ParameterizedClass
@EnumSource(TlsEngine.class)
class TlsRejectionTest {

    @Parameter
    private TlsEngine engine;

    private final TlsPair.Memory memory = new TlsPair.Memory();
    private final CertificateForge forge = new CertificateForge();

    @AfterEach
    void everythingIsReleased() {
        memory.assertNothingLeft();
    }

    @Test
    void honestPeerIsAccepted() {
        against(new HostilePeer.Builder(forge), null, us -> {
            assertThat(us.handshakeError).isNull();
            assertThat(us.secured.remotePeer()).isEqualTo(PeerId.of(forge.identity.publicKey()));
            assertThat(us.secured.muxer()).isNull();
        });
    }

    @Test
    void expiredCertificateIsRefused() {
        forge.notAfter = CertificateTime.encode(NOW.minusSeconds(1));
        refused("tls: the certificate expired at 2026-11-20T11:59:59Z");
    }

    @Test
    void certificateThatIsNotYetValidIsRefused() {
        forge.notBefore = CertificateTime.encode(NOW.plusSeconds(1));
        refused("tls: the certificate is not valid before 2026-11-20T12:00:01Z");
    }

    @Test
    void certificateWithoutTheExtensionIsRefused() {
        forge.extensions();
        refused("tls: the certificate has no libp2p extension");
    }

    @Test
    void malformedExtensionIsRefused() {
        forge.extensions(extension(LIBP2P_OID, true, new byte[] {4, 0}));
        refused("tls: the libp2p extension is malformed DER");
    }

    @Test
    void extensionWithoutAHostKeyIsRefused() {
        forge.extensions(
                extension(LIBP2P_OID, null, Der.sequence(Der.value(Der.OCTET_STRING), Der.value(Der.OCTET_STRING))));
        refused("tls: the host key in the libp2p extension is malformed");
    }

    @Test
    void extensionThatAnotherKeySignedIsRefused() {
        byte[] signature = HostKeyExtension.create(ALICE, forge.publicKey).signature();
        forge.extensions(
                extension(LIBP2P_OID, null, new HostKeyExtension(forge.identity.publicKey(), signature).encode()));
        refused("tls: the host key's signature in the libp2p extension is not valid");
    }

    /** Whoever has seen a certificate can show it, but holds another key than its own. */
    @Test
    void extensionOfAnotherCertificateIsRefused() {
        byte[] stolen = HostKeyExtension.create(
                        forge.identity, keys("EC", "secp256r1").getPublic().getEncoded())
                .encode();
        forge.extensions(extension(LIBP2P_OID, null, stolen));
        refused("tls: the host key's signature in the libp2p extension is not valid");
    }

    @Test
    void unknownCriticalExtensionIsRefused() {
        forge.extensions(forge.hostKeyExtension(), extension("2a0304", true, new byte[0]));
        refused("tls: the certificate has a critical extension that is not understood: 2a0304");
    }

    @Test
    void selfSignatureThatIsNotValidIsRefused() {
        forge.breakSignature = true;
        refused("tls: the certificate's signature by its own key is not valid");
    }

    @Test
    void weakHashIsRefused() {
        forge.signedBy("SHA1withECDSA", "300906072a8648ce3d0401");
        refused("tls: the certificate is signed by ECDSA with SHA-1; a hash of 256 bits or more is required");
    }

    /** The JDK reads certificates before we do, and has its own words for this one. */
    @Test
    void extensionThatIsThereTwiceIsRefused() {
        forge.extensions(forge.hostKeyExtension(), forge.hostKeyExtension());
        refused(
                engine == TlsEngine.JDK
                        ? "tls: the handshake failed: "
                        : "tls: the certificate has the libp2p extension twice");
    }

    @Test
    void chainOfTwoIsRefused() {
        byte[] one = forge.encode();
        refused(
                new HostilePeer.Builder(forge.privateKey(), one, new CertificateForge().encode()),
                "tls: the peer sent 2 certificates; expected one");
    }

    @Test
    void certificateThatIsNoneIsRefused() {
        refused(new HostilePeer.Builder(forge.privateKey(), new byte[] {0x30, 3, 1, 2, 3}), "tls: ");
    }

    /** Somebody else's certificate: all is right with it, but the private key is not at hand. */
    @Test
    void keyThatIsNotTheCertificatesIsRefused() {
        PrivateKey another = keys("EC", "secp256r1").getPrivate();
        refused(new HostilePeer.Builder(another, forge.encode()), "tls: the handshake failed: ");
    }

    /** It is not verified again, but the proof that its key is at hand is. */
    @ParameterizedTest
    @EnumSource(Direction.class)
    void keyThatIsNotTheCertificatesIsRefusedAlsoOfACertificateThatIsKnown(Direction direction) {
        Tls tls = tls();
        byte[] certificate = forge.encode();
        HostilePeer.Builder honest = new HostilePeer.Builder(forge.privateKey(), certificate);
        against(tls, honest, direction, null, us -> assertThat(us.secured).isNotNull());
        PrivateKey another = keys("EC", "secp256r1").getPrivate();
        against(
                tls,
                new HostilePeer.Builder(another, certificate),
                direction,
                null,
                us -> us.assertRefused("tls: the handshake failed: "));
    }

    @Test
    void anotherPeerThanTheExpectedIsRefusedAlsoWhereItsCertificateIsKnown() {
        Tls tls = tls();
        HostilePeer.Builder peer = new HostilePeer.Builder(forge.privateKey(), forge.encode());
        against(tls, peer, Direction.INBOUND, null, us -> assertThat(us.secured).isNotNull());
        against(tls, peer, Direction.INBOUND, ALICE_ID, us -> us.assertRefused("tls: expected peer " + ALICE_ID));
    }

    @Test
    void dialerWithoutACertificateIsRefused() {
        HostilePeer.Builder peer = new HostilePeer.Builder(forge);
        peer.presentsNothing = true;
        against(peer, Direction.OUTBOUND, null, us -> us.assertRefused("tls: the handshake failed: "));
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void olderVersionsAreRefused(Direction direction) {
        HostilePeer.Builder peer = new HostilePeer.Builder(forge);
        peer.version = "TLSv1.2";
        against(peer, direction, null, us -> us.assertRefused("tls: the handshake failed: "));
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void peerWithoutApplicationProtocolsIsRefused(Direction direction) {
        HostilePeer.Builder peer = new HostilePeer.Builder(forge);
        peer.protocols = new String[0];
        against(peer, direction, null, us -> us.assertRefused("tls: no common application protocol (ALPN)"));
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void peerWithOtherApplicationProtocolsIsRefused(Direction direction) {
        HostilePeer.Builder peer = new HostilePeer.Builder(forge);
        peer.protocols = new String[] {"h2", "http/1.1"};
        against(peer, direction, null, us -> us.assertRefused("tls: "));
    }

    @Test
    void anotherPeerThanTheExpectedIsRefusedWithBothIds() {
        PeerId found = PeerId.of(forge.identity.publicKey());
        against(
                new HostilePeer.Builder(forge),
                Direction.INBOUND,
                ALICE_ID,
                us -> us.assertRefused("tls: expected peer " + ALICE_ID + ", but " + found + " answered"));
    }

    /** A connection of which both ends may expect somebody: a hole punched by two dialers. */
    @Test
    void listenerMayExpectAPeerToo() {
        PeerId found = PeerId.of(forge.identity.publicKey());
        against(
                new HostilePeer.Builder(forge),
                Direction.OUTBOUND,
                ALICE_ID,
                us -> us.assertRefused("tls: expected peer " + ALICE_ID + ", but " + found + " answered"));
        against(new HostilePeer.Builder(forge), Direction.OUTBOUND, found, us -> assertThat(us.secured.remotePeer())
                .isEqualTo(found));
    }

    /** The dialer is done before the listener has looked at its certificate, and hears of the refusal afterwards. */
    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void dialerThatIsRefusedHearsItRightAfterTheHandshake(TlsEngine listening) {
        Tls dialing = Tls.create(spec -> spec.engine(engine));
        Tls selective = Tls.create(spec -> spec.engine(listening));
        try (TlsPair pair = new TlsPair(
                        dialing, parameters(TlsPair.BOB, null), selective, parameters(ALICE, TlsPair.ALICE_ID))
                .pump()) {
            pair.listener.assertRefused("tls: expected peer " + ALICE_ID + ", but " + TlsPair.BOB_ID + " answered");
            assertThat(pair.dialer.secured).isNotNull();
            assertThat(pair.dialer.failures)
                    .singleElement()
                    .isInstanceOfSatisfying(HandshakeException.class, e -> assertThat(e)
                            .hasMessageStartingWith("tls: refused or failed right after the handshake: "));
            assertThat(pair.dialer.channel.isOpen()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET / HTTP/1.1\r\n\r\n", "SSH-2.0-x\r\n"})
    void whatIsNoTlsIsRefused(String words) {
        byte[] bytes = (words + "x".repeat(64)).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        TlsPair.End us = end(tls(), Direction.INBOUND, null);
        us.receive(bytes);
        us.assertRefused("tls: what the peer sent is no TLS record");
        us.close();
    }

    private void refused(String message) {
        refused(new HostilePeer.Builder(forge), message);
    }

    private void refused(HostilePeer.Builder peer, String message) {
        against(peer, null, us -> us.assertRefused(message));
    }

    /** As listener and as dialer. */
    private void against(HostilePeer.Builder builder, @Nullable PeerId expected, Consumer<TlsPair.End> check) {
        against(builder, Direction.INBOUND, expected, check);
        against(builder, Direction.OUTBOUND, expected, check);
    }

    private void against(
            HostilePeer.Builder builder, Direction direction, @Nullable PeerId expected, Consumer<TlsPair.End> check) {
        against(tls(), builder, direction, expected, check);
    }

    /** @param direction of the hostile peer */
    private void against(
            Tls tls,
            HostilePeer.Builder builder,
            Direction direction,
            @Nullable PeerId expected,
            Consumer<TlsPair.End> check) {
        Direction ours = direction.isInitiator() ? Direction.INBOUND : Direction.OUTBOUND;
        TlsPair.End us = end(tls, ours, expected);
        HostilePeer peer = builder.start(memory, direction);
        HostilePeer.pump(us, peer);
        try {
            check.accept(us);
            assertThat(us.failures).isEmpty();
        } finally {
            us.close();
            peer.close();
        }
    }

    private Tls tls() {
        return Tls.create(spec -> spec.engine(engine).clock(Clock.fixed(NOW, ZoneOffset.UTC)));
    }

    private TlsPair.End end(Tls tls, Direction direction, @Nullable PeerId expected) {
        return new TlsPair.End(memory, direction, tls, parameters(ALICE, expected, TlsPair.YAMUX));
    }
}
