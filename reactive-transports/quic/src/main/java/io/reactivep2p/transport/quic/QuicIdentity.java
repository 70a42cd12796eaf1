package io.reactivep2p.transport.quic;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.codec.quic.SslSessionTicketKey;
import io.netty.handler.ssl.ClientAuth;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.tls.TlsCertificate;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A host's TLS on both sides of a connection: one certificate and two contexts, which serve all its connections. */
final class QuicIdentity {

    /** The only protocol offered and accepted; the specification fixes it. */
    static final String ALPN = "libp2p";

    private static final int TICKET_NAME_BYTES = 16;
    private static final int TICKET_KEY_BYTES = 16;

    private final KeyPair keys;
    private final PeerId peer;
    private final QuicSslContext client;
    private final QuicSslContext server;
    private final SecureRandom random;

    private QuicIdentity(KeyPair keys, QuicSslContext client, QuicSslContext server, SecureRandom random) {
        this.keys = keys;
        this.peer = PeerId.of(keys.publicKey());
        this.client = client;
        this.server = server;
        this.random = random;
    }

    /** Makes a certificate: takes some milliseconds, and reads random bytes. */
    static QuicIdentity create(KeyPair keys, InstantSource clock, SecureRandom random) {
        CertificateKey key = new CertificateKey(TlsCertificate.create(keys, clock.instant(), random));
        CertificateTrust trust = new CertificateTrust(clock);
        QuicSslContext client = QuicSslContextBuilder.forClient()
                .keyManager(key, null)
                .trustManager(trust)
                // Names mean nothing here, and there is none.
                .endpointIdentificationAlgorithm(null)
                .applicationProtocols(ALPN)
                .build();
        QuicSslContext server = QuicSslContextBuilder.forServer(key, null)
                .trustManager(trust)
                .clientAuth(ClientAuth.REQUIRE)
                .applicationProtocols(ALPN)
                .build();
        return new QuicIdentity(keys, client, server, random);
    }

    boolean isOf(KeyPair other) {
        return keys.publicKey().equals(other.publicKey());
    }

    PeerId peer() {
        return peer;
    }

    /** For a dialer; a session is never resumed, as it is not kept under any name. */
    QuicSslEngine clientEngine(ByteBufAllocator allocator, @Nullable PeerId expected) {
        QuicSslEngine engine = client.newEngine(allocator);
        PeerProof.attach(engine, expected);
        return engine;
    }

    /**
     * For a listener. A session resumed would bring no certificate, so no ticket of an earlier one may be good: the codec cannot be told to
     * give none, but each connection has a key of its own for them.
     */
    QuicSslEngine serverEngine(ByteBufAllocator allocator) {
        server.sessionContext()
                .setTicketKeys(new SslSessionTicketKey(
                        bytes(TICKET_NAME_BYTES), bytes(TICKET_KEY_BYTES), bytes(TICKET_KEY_BYTES)));
        QuicSslEngine engine = server.newEngine(allocator);
        PeerProof.attach(engine, null);
        return engine;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
