package io.reactivep2p.muxer;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.security.SecuredConnection;

/** A stream multiplexer: many streams over one secured connection. */
public interface StreamMuxer {

    /** The name it is negotiated under, for example {@code /yamux/1.0.0}. */
    ProtocolId protocol();

    /**
     * Starts multiplexing: adds a handler to the end of the channel's pipeline. Called on the channel's event loop, in the turn in
     * which the layer below completed. The caller sets {@link MuxedConnection#acceptStreams} before it returns to the event loop.
     */
    MuxedConnection mux(SecuredConnection secured);
}
