package io.reactivep2p.security;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.transport.RawConnection;
import reactor.core.publisher.Mono;

/** A secure channel protocol: encrypts a byte connection and proves who is at the other end. */
public interface SecureChannel {

    /** The name it is negotiated under, for example {@code /noise}. */
    ProtocolId protocol();

    /**
     * Runs the handshake: adds a handler to the end of the channel's pipeline, which from then on encrypts and decrypts for the handlers
     * added behind it. Called and completed on the channel's event loop. {@code raw.direction()} says which role to play.
     *
     * <p><b>Completion</b>: with the secured connection, in the turn of the event loop in which the handshake ends and before any byte
     * that follows it is handed up; the subscriber adds its handler before it returns.
     *
     * <p><b>Errors</b>: {@link HandshakeException} naming the check that failed; the channel is closed then. Time limits are the
     * caller's.
     *
     * <p><b>Cancellation</b>: closes the channel.
     */
    Mono<SecuredConnection> secure(RawConnection raw, SecurityParameters parameters);
}
