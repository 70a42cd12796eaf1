package io.reactivep2p.security.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.reactivep2p.connection.Direction;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Date;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** A peer that speaks correct TLS, trusts anyone, and presents in it whatever a test wants. */
final class HostilePeer extends TlsPair.Wire {

    private final SSLEngine engine;

    private HostilePeer(TlsPair.Memory memory, SSLEngine engine) {
        super(memory);
        this.engine = engine;
    }

    /** What a test changes; all else is as an honest peer's. */
    static final class Builder {

        byte[][] chain = {};
        PrivateKey key;
        String version = "TLSv1.3";
        String[] protocols = {"libp2p"};
        boolean presentsNothing;

        /** Presents what the forge makes. */
        Builder(CertificateForge forge) {
            this(forge.privateKey(), forge.encode());
        }

        Builder(PrivateKey key, byte[]... chain) {
            this.key = key;
            this.chain = chain;
        }

        /** @param direction of the hostile peer */
        HostilePeer start(TlsPair.Memory memory, Direction direction) {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(new KeyManager[] {new Keys(this)}, new TrustManager[] {new TrustsAnyone()}, null);
                SSLEngine engine = context.createSSLEngine();
                engine.setUseClientMode(direction.isInitiator());
                SSLParameters parameters = engine.getSSLParameters();
                parameters.setProtocols(new String[] {version});
                parameters.setApplicationProtocols(protocols);
                parameters.setWantClientAuth(true);
                engine.setSSLParameters(parameters);
                HostilePeer peer = new HostilePeer(memory, engine);
                peer.channel.pipeline().addLast(new SslHandler(engine), new Deaf());
                return peer;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    String applicationProtocol() {
        return engine.getApplicationProtocol();
    }

    /** Exchanges all there is. */
    static void pump(TlsPair.Wire one, TlsPair.Wire other) {
        boolean moved = true;
        while (moved) {
            moved = one.receive(other.sent()) | other.receive(one.sent());
        }
    }

    /** What becomes of the hostile peer itself is of no interest. */
    private static final class Deaf extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private static final class Keys extends X509ExtendedKeyManager {

        private final Builder peer;

        Keys(Builder peer) {
            this.peer = peer;
        }

        @Override
        public @Nullable String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
            return !peer.presentsNothing && Arrays.asList(types).contains(peer.key.getAlgorithm()) ? "it" : null;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
            return type.equals(peer.key.getAlgorithm()) ? "it" : null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return Arrays.stream(peer.chain).map(RawCertificate::new).toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return peer.key;
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {"it"};
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[] {"it"};
        }

        @Override
        public @Nullable String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return null;
        }
    }

    private static final class TrustsAnyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Bytes that go out as a certificate, whatever they are. For all else it passes for an honest one of a P-256 key. */
    private static final class RawCertificate extends X509Certificate {

        private static final long serialVersionUID = 1L;
        private static final X509Certificate HONEST = new CertificateForge().certificate();

        private final byte[] encoded;

        RawCertificate(byte[] encoded) {
            this.encoded = encoded;
        }

        @Override
        public byte[] getEncoded() {
            return encoded;
        }

        @Override
        public java.security.PublicKey getPublicKey() {
            return HONEST.getPublicKey();
        }

        @Override
        public String getSigAlgName() {
            return HONEST.getSigAlgName();
        }

        @Override
        public String getSigAlgOID() {
            return HONEST.getSigAlgOID();
        }

        @Override
        public byte[] getSigAlgParams() {
            return HONEST.getSigAlgParams();
        }

        @Override
        public Principal getIssuerDN() {
            return HONEST.getIssuerX500Principal();
        }

        @Override
        public Principal getSubjectDN() {
            return HONEST.getSubjectX500Principal();
        }

        @Override
        public javax.security.auth.x500.X500Principal getSubjectX500Principal() {
            return HONEST.getSubjectX500Principal();
        }

        @Override
        public javax.security.auth.x500.X500Principal getIssuerX500Principal() {
            return HONEST.getIssuerX500Principal();
        }

        @Override
        public int getVersion() {
            return 3;
        }

        @Override
        public java.math.BigInteger getSerialNumber() {
            return HONEST.getSerialNumber();
        }

        @Override
        public Date getNotBefore() {
            return HONEST.getNotBefore();
        }

        @Override
        public Date getNotAfter() {
            return HONEST.getNotAfter();
        }

        @Override
        public byte[] getTBSCertificate() {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] getSignature() {
            return HONEST.getSignature();
        }

        @Override
        public boolean @Nullable [] getIssuerUniqueID() {
            return null;
        }

        @Override
        public boolean @Nullable [] getSubjectUniqueID() {
            return null;
        }

        @Override
        public boolean @Nullable [] getKeyUsage() {
            return null;
        }

        @Override
        public int getBasicConstraints() {
            return -1;
        }

        @Override
        public java.util.@Nullable Set<String> getCriticalExtensionOIDs() {
            return null;
        }

        @Override
        public java.util.@Nullable Set<String> getNonCriticalExtensionOIDs() {
            return null;
        }

        @Override
        public byte @Nullable [] getExtensionValue(String oid) {
            return null;
        }

        @Override
        public boolean hasUnsupportedCriticalExtension() {
            return false;
        }

        @Override
        public void checkValidity() {}

        @Override
        public void checkValidity(Date date) {}

        @Override
        public void verify(java.security.PublicKey key) {}

        @Override
        public void verify(java.security.PublicKey key, String provider) {}

        @Override
        public String toString() {
            return "raw";
        }
    }
}
