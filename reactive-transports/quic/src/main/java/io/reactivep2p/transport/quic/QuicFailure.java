package io.reactivep2p.transport.quic;

import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.transport.TransportException;
import javax.net.ssl.SSLException;

/** Says why a connection could not be made, in words. */
final class QuicFailure {

    private QuicFailure() {}

    /** What the remote peer gave as its reason; the text that may come with it is its own, and not repeated. */
    static HandshakeException of(QuicConnectionCloseEvent goodbye) {
        String code;
        if (goodbye.isApplicationClose()) {
            code = "application code " + Integer.toUnsignedString(goodbye.error());
        } else if (goodbye.isTlsError()) {
            int alert = QuicConnectionCloseEvent.extractTlsError(goodbye.error());
            code = "TLS alert " + alert + alertName(alert);
        } else {
            code = "QUIC transport error " + Integer.toUnsignedString(goodbye.error());
        }
        return new HandshakeException("quic: the remote peer ended the connection: " + code);
    }

    /** RFC 8446, section 6: those that our certificate or our offer can bring about. */
    private static String alertName(int alert) {
        return switch (alert) {
            case 40 -> " (handshake failure)";
            case 42 -> " (bad certificate)";
            case 43 -> " (unsupported certificate)";
            case 44 -> " (certificate revoked)";
            case 45 -> " (certificate expired)";
            case 46 -> " (certificate unknown)";
            case 48 -> " (unknown authority)";
            case 49 -> " (access denied)";
            case 50 -> " (decode error)";
            case 51 -> " (decrypt error)";
            case 70 -> " (protocol version)";
            case 80 -> " (internal error)";
            case 109 -> " (missing extension)";
            case 116 -> " (certificate required)";
            case 120 -> " (no application protocol)";
            default -> "";
        };
    }

    /** What the one who dials is told. */
    static Throwable ofDial(Multiaddr address, Throwable cause) {
        if (cause instanceof HandshakeException || cause instanceof TransportException) {
            return cause;
        }
        if (cause instanceof SSLException) {
            return new HandshakeException("quic: the TLS handshake failed: " + cause.getMessage(), cause);
        }
        return new TransportException(address, "cannot dial " + address + ": " + cause.getMessage(), cause);
    }
}
