package io.reactivep2p.security.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.reactivep2p.peer.PeerId;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** The context of the JDK's engine, used directly, so that the engine which trust and ALPN are asked about is the one made here. */
final class JdkContext implements TlsContext {

    /** AES first, which processors compute; the shorter key first, which is as good and faster. */
    private static final String[] CIPHER_SUITES = {
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"
    };

    /** More than the seven days that a ticket may live (RFC 8446 section 4.6.1): the JDK then neither sends nor keeps tickets. */
    private static final int NO_TICKETS_SECONDS = 7 * 24 * 60 * 60 + 1;

    private final SSLContext context;
    private final List<String> protocols;

    private JdkContext(SSLContext context, List<String> protocols) {
        this.context = context;
        this.protocols = protocols;
    }

    static JdkContext create(CertificateKeys keys, PeerTrust trust, List<String> protocols, SecureRandom random) {
        try {
            SSLContext context = SSLContext.getInstance(VERSION);
            context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, random);
            context.getClientSessionContext().setSessionTimeout(NO_TICKETS_SECONDS);
            context.getServerSessionContext().setSessionTimeout(NO_TICKETS_SECONDS);
            return new JdkContext(context, protocols);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS 1.3", e);
        }
    }

    @Override
    public SslHandler newHandler(ByteBufAllocator allocator, boolean initiator, @Nullable PeerId expectedPeer) {
        SSLEngine engine = expectedPeer == null
                ? context.createSSLEngine()
                // Without a dot it is no host name, so it is not sent as one.
                : context.createSSLEngine(expectedPeer.toString(), -1);
        engine.setUseClientMode(initiator);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {VERSION});
        parameters.setCipherSuites(CIPHER_SUITES);
        parameters.setApplicationProtocols(protocols.toArray(String[]::new));
        if (!initiator) {
            parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        if (!initiator) {
            engine.setHandshakeApplicationProtocolSelector((self, offered) -> select(offered));
        }
        return new SslHandler(engine);
    }

    /** The client's preference counts. Null ends the handshake with the alert no_application_protocol. */
    private @Nullable String select(List<String> offered) {
        for (String protocol : offered) {
            if (protocols.contains(protocol)) {
                return protocol;
            }
        }
        return null;
    }
}
