package io.reactivep2p.pubsub.router;

import io.reactivep2p.connection.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The streams that one peer opened to us: the newest, and those before it that may still bring their one RPC, as rust-libp2p's floodsub has
 * several under way. Only touched in the serial section.
 *
 * <p>Bounded by {@link PeerTable#ONE_RPC_STREAMS_PER_CONNECTION}.
 */
final class InboundStreams {

    private final Set<InboundStream> earlier = new LinkedHashSet<>();
    private @Nullable InboundStream newest;

    boolean isEmpty() {
        return newest == null && earlier.isEmpty();
    }

    boolean has(InboundStream stream) {
        return newest == stream || earlier.contains(stream);
    }

    /** Takes {@code stream} as the newest. Returns the one that is to be ended in a while for it, having no more to bring by then. */
    @Nullable
    InboundStream add(InboundStream stream) {
        InboundStream former = newest;
        newest = stream;
        if (former == null) {
            return null;
        }
        if (former.mayBringOneRpc()) {
            earlier.add(former);
            return former;
        }
        former.reset(ErrorCode.SUPPLANTED);
        return null;
    }

    void remove(InboundStream stream) {
        if (newest == stream) {
            newest = null;
        }
        earlier.remove(stream);
    }

    /** Begins with all, the oldest first. */
    void begin() {
        List<InboundStream> all = new ArrayList<>(earlier);
        if (newest != null) {
            all.add(newest);
        }
        all.forEach(InboundStream::begin);
    }

    void reset(ErrorCode code) {
        List<InboundStream> all = new ArrayList<>(earlier);
        if (newest != null) {
            all.add(newest);
        }
        earlier.clear();
        newest = null;
        all.forEach(stream -> stream.reset(code));
    }
}
