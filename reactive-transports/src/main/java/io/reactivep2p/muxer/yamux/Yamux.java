package io.reactivep2p.muxer.yamux;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.SecuredMuxedConnection;
import io.reactivep2p.muxer.StreamMuxer;
import io.reactivep2p.security.SecuredConnection;
import java.util.function.Consumer;

/** The stream muxer {@code /yamux/1.0.0}. Immutable; one serves any number of connections. */
public final class Yamux implements StreamMuxer {

    public static final ProtocolId PROTOCOL = ProtocolId.of("/yamux/1.0.0");

    private final YamuxOptions options;

    private Yamux(YamuxOptions options) {
        this.options = options;
    }

    public static Yamux create() {
        return new Yamux(YamuxOptions.DEFAULTS);
    }

    public static Yamux create(Consumer<YamuxSpec> configurer) {
        YamuxSpec spec = new YamuxSpec();
        configurer.accept(spec);
        return new Yamux(spec.options());
    }

    @Override
    public ProtocolId protocol() {
        return PROTOCOL;
    }

    @Override
    public MuxedConnection mux(SecuredConnection secured) {
        YamuxHandler handler = new YamuxHandler(options, secured.raw().direction());
        secured.raw().channel().pipeline().addLast("yamux", handler);
        return new SecuredMuxedConnection(secured, PROTOCOL, handler);
    }
}
