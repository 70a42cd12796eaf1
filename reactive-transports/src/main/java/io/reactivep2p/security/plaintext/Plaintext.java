package io.reactivep2p.security.plaintext;

import io.netty.channel.EventLoop;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.security.SecurityParameters;
import io.reactivep2p.transport.RawConnection;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The secure channel {@code /plaintext/2.0.0}, which secures nothing: <b>for tests only</b>. Everyone on the way can read and change every
 * byte, and a peer is whoever it says it is. In no preset; each instance made is warned of in the log, once.
 */
public final class Plaintext implements SecureChannel {

    /** The name it is negotiated under. */
    public static final ProtocolId PROTOCOL = ProtocolId.of("/plaintext/2.0.0");

    static final String WARNING =
            "THIS HOST TAKES CONNECTIONS WITHOUT ANY SECURITY (/plaintext/2.0.0): nothing is encrypted, "
                    + "and peers are not proved to be who they say they are. It is meant for tests; remove Plaintext anywhere else";

    private Plaintext() {}

    /** Warns of itself in the log. */
    public static Plaintext create() {
        return create(LoggerFactory.getLogger(Plaintext.class)::warn);
    }

    static Plaintext create(Consumer<String> log) {
        log.accept(WARNING);
        return new Plaintext();
    }

    @Override
    public ProtocolId protocol() {
        return PROTOCOL;
    }

    /**
     * {@inheritDoc}
     *
     * <p>No muxer is agreed on. The peer "proved" is the one that the remote end claims to be.
     */
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

    private static void tryStart(RawConnection raw, SecurityParameters parameters, MonoSink<SecuredConnection> sink) {
        try {
            PlaintextHandler handler = new PlaintextHandler(raw, parameters, sink);
            sink.onCancel(handler::cancel);
            raw.channel().pipeline().addLast(handler);
        } catch (RuntimeException e) {
            raw.channel().close();
            sink.error(new HandshakeException("plaintext: cannot begin the handshake: " + e, e));
        }
    }
}
