package io.reactivep2p.host;

import io.reactivep2p.connection.ProtocolStream;
import org.reactivestreams.Publisher;

/** Serves one protocol. */
@FunctionalInterface
public interface ProtocolHandler {

    /**
     * Serves one inbound stream; called on its connection's event loop, which must not be blocked.
     *
     * @return when it completes, the stream is closed in order; when it fails, the stream is reset. Cancelled when the stream is gone.
     */
    Publisher<Void> handle(ProtocolStream stream);
}
