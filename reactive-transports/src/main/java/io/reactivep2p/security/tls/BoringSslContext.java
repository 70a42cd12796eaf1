package io.reactivep2p.security.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import io.reactivep2p.peer.PeerId;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Contexts of BoringSSL, through Netty. Their native memory is freed when they are garbage, that of a connection when it closes. */
final class BoringSslContext implements TlsContext {

    /** Of Netty's own list, which a listener has, all but X25519MLKEM768. */
    private static final String[] CLASSIC_GROUPS = {"X25519", "P-256", "P-384", "P-521"};

    private final SslContext dialing;
    private final SslContext listening;

    private BoringSslContext(SslContext dialing, SslContext listening) {
        this.dialing = dialing;
        this.listening = listening;
    }

    static BoringSslContext create(
            CertificateKeys keys, PeerTrust trust, List<String> protocols, boolean offerPostQuantum) {
        // Caching: the key is handed to BoringSSL once, not for each handshake.
        KeyManagerFactory factory = new OpenSslCachingX509KeyManagerFactory(new FixedKeys(keys));
        try {
            SslContextBuilder dialer = SslContextBuilder.forClient().keyManager(factory);
            if (!offerPostQuantum) {
                dialer.option(OpenSslContextOption.GROUPS, CLASSIC_GROUPS);
            }
            SslContext dialing = build(dialer, trust, protocols);
            SslContext listening =
                    build(SslContextBuilder.forServer(factory).clientAuth(ClientAuth.REQUIRE), trust, protocols);
            return new BoringSslContext(dialing, listening);
        } catch (SSLException e) {
            throw new IllegalStateException("BoringSSL refuses our own certificate or options: " + e.getMessage(), e);
        }
    }

    private static SslContext build(SslContextBuilder builder, PeerTrust trust, List<String> protocols)
            throws SSLException {
        SslContext context = builder.sslProvider(SslProvider.OPENSSL)
                .protocols(VERSION)
                .trustManager(trust)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        // The only ones there are with this engine: the handshake ends without a protocol, and we end
                        // the connection.
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocols))
                .endpointIdentificationAlgorithm(null)
                // Not as tasks: they would run right here all the same, one detour later.
                .option(OpenSslContextOption.USE_TASKS, false)
                .option(OpenSslContextOption.MAX_CERTIFICATE_LIST_BYTES, MAX_CERTIFICATE_LIST_BYTES)
                .build();
        // No resumption, here and below: who resumes is not verified.
        ((OpenSslSessionContext) context.sessionContext()).setSessionCacheEnabled(false);
        return context;
    }

    @Override
    public SslHandler newHandler(ByteBufAllocator allocator, boolean initiator, @Nullable PeerId expectedPeer) {
        SslContext context = initiator ? dialing : listening;
        SslHandler handler = expectedPeer == null
                ? context.newHandler(allocator)
                // Without a dot it is no host name, so it is not sent as one.
                : context.newHandler(allocator, expectedPeer.toString(), -1);
        // Netty allows tickets for each TLS 1.3 engine it makes, which adds 1.3 KiB to what a listener first writes.
        SSL.setOptions(((ReferenceCountedOpenSslEngine) handler.engine()).sslPointer(), SSL.SSL_OP_NO_TICKET);
        return handler;
    }

    /** A factory of one key manager, since Netty takes its own kind of factory only. */
    private static final class FixedKeys extends KeyManagerFactory {

        FixedKeys(CertificateKeys keys) {
            super(new Spi(keys), null, "host");
        }

        private static final class Spi extends KeyManagerFactorySpi {

            private final CertificateKeys keys;

            Spi(CertificateKeys keys) {
                this.keys = keys;
            }

            @Override
            protected void engineInit(@Nullable KeyStore keyStore, char @Nullable [] password) {}

            @Override
            protected void engineInit(@Nullable ManagerFactoryParameters parameters) {}

            @Override
            protected KeyManager[] engineGetKeyManagers() {
                return new KeyManager[] {keys};
            }
        }
    }
}
