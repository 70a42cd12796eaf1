package io.reactivep2p.security.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.peer.PeerId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all connections of one host share with one engine: certificate, trust and what is offered. Made once, since it is dear. */
sealed interface TlsContext permits BoringSslContext, JdkContext {

    /** TLS 1.3 and nothing else (libp2p TLS specification, "Handshake Protocol"). */
    String VERSION = "TLSv1.3";

    /** What peers agree on that negotiate the muxer afterwards; always the last in the list. */
    String NO_MUXER = "libp2p";

    /** Room for one certificate and what stands around it. */
    int MAX_CERTIFICATE_LIST_BYTES = CertificateFields.MAX_BYTES + 1_024;

    /**
     * The handler of a new connection.
     *
     * @param expectedPeer who must be at the other end; null takes anyone
     */
    SslHandler newHandler(ByteBufAllocator allocator, boolean initiator, @Nullable PeerId expectedPeer);

    static TlsContext create(TlsOptions options, TlsCertificate certificate, List<ProtocolId> muxers) {
        CertificateKeys keys = new CertificateKeys(certificate);
        PeerTrust trust = new PeerTrust(options.clock());
        List<String> protocols = protocols(options.earlyMuxerNegotiation() ? muxers : List.of());
        return switch (options.engine()) {
            case BORINGSSL -> BoringSslContext.create(keys, trust, protocols, options.offerPostQuantum());
            case JDK -> JdkContext.create(keys, trust, protocols, options.random());
        };
    }

    private static List<String> protocols(List<ProtocolId> muxers) {
        List<String> protocols = new ArrayList<>(muxers.size() + 1);
        muxers.forEach(muxer -> protocols.add(muxer.value()));
        protocols.add(NO_MUXER);
        return List.copyOf(protocols);
    }
}
