package io.reactivep2p.transport.tcp;

import io.netty.channel.ChannelHandler;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One kind of connection on a {@link ListeningSocket}: a listener for whom it is the whole socket. */
final class ListeningRoute implements Listener {

    private final ListeningSocket socket;
    private final FirstBytes kind;
    private final @Nullable Supplier<? extends ChannelHandler> layer;
    private final Consumer<RawConnection> acceptor;
    private final AtomicBoolean disposed = new AtomicBoolean();
    private final Sinks.Empty<Void> closed = Sinks.empty();

    ListeningRoute(
            ListeningSocket socket,
            FirstBytes kind,
            @Nullable Supplier<? extends ChannelHandler> layer,
            Consumer<RawConnection> acceptor) {
        this.socket = socket;
        this.kind = kind;
        this.layer = layer;
        this.acceptor = acceptor;
    }

    FirstBytes kind() {
        return kind;
    }

    @Nullable
    Supplier<? extends ChannelHandler> layer() {
        return layer;
    }

    Consumer<RawConnection> acceptor() {
        return acceptor;
    }

    /** Completes when the socket listens. */
    Mono<Listener> bound() {
        return socket.bound();
    }

    @Override
    public Multiaddr address() {
        return socket.address();
    }

    @Override
    public void dispose() {
        if (disposed.compareAndSet(false, true)) {
            socket.leave(this);
        }
    }

    @Override
    public boolean isDisposed() {
        return disposed.get();
    }

    /** The socket is closed, or lives on without this route. */
    void ended() {
        disposed.set(true);
        closed.tryEmitEmpty();
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            dispose();
            return onDispose();
        });
    }

    @Override
    public Mono<Void> onDispose() {
        return closed.asMono();
    }

    @Override
    public String toString() {
        return "listener for " + kind + " on " + socket;
    }
}
