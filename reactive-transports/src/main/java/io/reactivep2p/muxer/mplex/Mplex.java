package io.reactivep2p.muxer.mplex;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.SecuredMuxedConnection;
import io.reactivep2p.muxer.StreamMuxer;
import io.reactivep2p.security.SecuredConnection;
import java.util.function.Consumer;

/**
 * The stream muxer {@code /mplex/6.7.0}: for peers that have no other. It has no flow control, so one slow reader holds up all streams of
 * its connection, and one that stops reading loses its stream; prefer Yamux. In no preset. Immutable; one serves any number of connections.
 */
public final class Mplex implements StreamMuxer {

    public static final ProtocolId PROTOCOL = ProtocolId.of("/mplex/6.7.0");

    private final MplexOptions options;

    private Mplex(MplexOptions options) {
        this.options = options;
    }

    public static Mplex create() {
        return new Mplex(MplexOptions.DEFAULTS);
    }

    public static Mplex create(Consumer<MplexSpec> configurer) {
        MplexSpec spec = new MplexSpec();
        configurer.accept(spec);
        return new Mplex(spec.options());
    }

    @Override
    public ProtocolId protocol() {
        return PROTOCOL;
    }

    @Override
    public MuxedConnection mux(SecuredConnection secured) {
        MplexHandler handler = new MplexHandler(options);
        secured.raw().channel().pipeline().addLast("mplex", handler);
        return new SecuredMuxedConnection(secured, PROTOCOL, handler);
    }
}
