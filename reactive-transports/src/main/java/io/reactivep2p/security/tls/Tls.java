package io.reactivep2p.security.tls;

import io.netty.channel.EventLoop;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.security.SecurityParameters;
import io.reactivep2p.transport.RawConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The secure channel {@code /tls/1.0.0}. One instance serves any number of connections, and keeps one certificate for each host key it is
 * used with.
 */
public final class Tls implements SecureChannel {

    /** The name it is negotiated under. */
    public static final ProtocolId PROTOCOL = ProtocolId.of("/tls/1.0.0");

    /** The system property that names the {@link TlsEngine} to use. */
    public static final String ENGINE_PROPERTY = "io.reactivep2p.tls.engine";

    /** How many host keys (with their muxers) an instance remembers the certificate of; a host has one. The oldest is forgotten first. */
    static final int MAX_IDENTITIES = 8;

    private final TlsOptions options;
    private volatile List<Identity> identities = List.of();

    private Tls(TlsOptions options) {
        this.options = options;
    }

    /** With the defaults of {@link TlsSpec}. */
    public static Tls create() {
        return create(spec -> {});
    }

    /** Blocks for a moment, the first time in a JVM up to a second: not for event loops. */
    public static Tls create(Consumer<TlsSpec> spec) {
        TlsSpec collected = new TlsSpec();
        spec.accept(collected);
        TlsOptions options = collected.options();
        // Loads what the first connection would otherwise load on its event loop.
        TlsContext.create(
                options,
                TlsCertificate.create(KeyPair.generate(), options.clock().instant(), options.random()),
                List.of());
        return new Tls(options);
    }

    @Override
    public ProtocolId protocol() {
        return PROTOCOL;
    }

    /** Who speaks TLS on the connections made with it. */
    public TlsEngine engine() {
        return options.engine();
    }

    @Override
    public Mono<SecuredConnection> secure(RawConnection raw, SecurityParameters parameters) {
        return Mono.create(sink -> {
            EventLoop loop = raw.channel().eventLoop();
            if (loop.inEventLoop()) {
                tryStart(raw, parameters, sink);
            } else {
                loop.execute(() -> tryStart(raw, parameters, sink));
            }
        });
    }

    private void tryStart(RawConnection raw, SecurityParameters parameters, MonoSink<SecuredConnection> sink) {
        try {
            TlsHandler handler = new TlsHandler(raw, context(parameters), parameters, sink);
            sink.onCancel(handler::cancel);
            raw.channel().pipeline().addLast(handler);
        } catch (RuntimeException e) {
            raw.channel().close();
            sink.error(new HandshakeException("tls: cannot begin the handshake: " + e, e));
        }
    }

    private record Identity(KeyPair hostKey, List<ProtocolId> muxers, TlsContext context) {}

    /** The context of a host key. Threads that ask for a new one at the same time may each make their own, and the last is remembered:
     * any will do. */
    TlsContext context(SecurityParameters parameters) {
        List<Identity> known = identities;
        for (Identity identity : known) {
            if (identity.hostKey().equals(parameters.identity())
                    && identity.muxers().equals(parameters.muxers())) {
                return identity.context();
            }
        }
        TlsCertificate certificate =
                TlsCertificate.create(parameters.identity(), options.clock().instant(), options.random());
        TlsContext made = TlsContext.create(options, certificate, parameters.muxers());
        List<Identity> updated = new ArrayList<>(known.subList(known.size() < MAX_IDENTITIES ? 0 : 1, known.size()));
        updated.add(new Identity(parameters.identity(), parameters.muxers(), made));
        identities = List.copyOf(updated);
        return made;
    }
}
