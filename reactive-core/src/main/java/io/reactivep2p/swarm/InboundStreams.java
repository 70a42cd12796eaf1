package io.reactivep2p.swarm;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import org.jspecify.annotations.Nullable;

/** Who serves the streams that remote peers open. Called on event loops. */
public interface InboundStreams {

    boolean supports(ProtocolId protocol);

    /**
     * Takes a place for one more stream.
     *
     * @return gives the place back when the stream has ended; {@code null} where a limit is reached
     */
    @Nullable
    Runnable admit(Connection connection, ProtocolId protocol);

    /** Serves an admitted stream. */
    void serve(ProtocolStream stream);
}
