package io.reactivep2p.multistream;

import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.ProtocolId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** No protocol was agreed on: the remote peer speaks none of those offered, or it did not keep to multistream-select, or to the time. */
public final class NegotiationException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    private final transient List<ProtocolId> offered;

    public NegotiationException(String message, List<ProtocolId> offered) {
        this(message, offered, null);
    }

    public NegotiationException(String message, List<ProtocolId> offered, @Nullable Throwable cause) {
        super(message, cause);
        this.offered = List.copyOf(offered);
    }

    /** What this side offered; empty where it was the responder. */
    public List<ProtocolId> offered() {
        return offered;
    }
}
