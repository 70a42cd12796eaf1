package io.reactivep2p.security.tls;

import io.netty.handler.ssl.NotSslRecordException;
import io.reactivep2p.security.HandshakeException;
import java.nio.channels.ClosedChannelException;

/** Says in our words what went wrong in an engine. */
final class TlsFailure {

    /** Some engines put whole packets into their messages. */
    private static final int MAX_MESSAGE_LENGTH = 200;

    private static final int MAX_CAUSES = 10;

    private TlsFailure() {}

    /** The check of ours that failed, where it was one of ours, and otherwise what the engine says. */
    static HandshakeException ofHandshake(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (cause instanceof HandshakeException ours) {
                return ours;
            }
            if (cause instanceof NotSslRecordException) {
                return new HandshakeException("tls: what the peer sent is no TLS record");
            }
            if (cause instanceof ClosedChannelException) {
                return new HandshakeException("tls: the connection was closed during the handshake", failure);
            }
            cause = cause.getCause();
        }
        return new HandshakeException("tls: the handshake failed: " + describe(failure), failure);
    }

    static String describe(Throwable failure) {
        String message = failure.getMessage();
        return shortened(message == null ? failure.getClass().getSimpleName() : message);
    }

    static String shortened(String text) {
        return text.length() <= MAX_MESSAGE_LENGTH ? text : text.substring(0, MAX_MESSAGE_LENGTH) + "...";
    }
}
