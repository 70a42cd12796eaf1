package io.reactivep2p.transport.quic;

import java.io.IOException;
import java.time.Duration;

/** A handshake has taken too long. That is all there is to know: a closed port does not answer, nor does one that is flooded. */
final class HandshakeTimeoutException extends IOException {

    private static final long serialVersionUID = 1L;

    HandshakeTimeoutException(Duration timeout) {
        super("no answer within " + timeout.toMillis() + " ms");
    }
}
