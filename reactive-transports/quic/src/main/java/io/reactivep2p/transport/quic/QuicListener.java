package io.reactivep2p.transport.quic;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.transport.Listener;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A socket that accepts connections. They share it, so it stays open for those it has when the listener is closed, and accepts no more;
 * without any it is closed before the listener says that it is.
 */
final class QuicListener implements Listener {

    private final QuicSocket socket;
    private final SocketTable sockets;
    private final Multiaddr address;
    private final AtomicBoolean disposed = new AtomicBoolean();
    private final Sinks.Empty<Void> closed = Sinks.empty();

    QuicListener(QuicSocket socket, SocketTable sockets) {
        this.socket = socket;
        this.sockets = sockets;
        this.address = QuicAddress.of(socket.local());
        socket.onClosed(() -> {
            disposed.set(true);
            closed.tryEmitEmpty();
        });
    }

    QuicSocket socket() {
        return socket;
    }

    @Override
    public Multiaddr address() {
        return address;
    }

    @Override
    public void dispose() {
        if (!disposed.compareAndSet(false, true)) {
            return;
        }
        sockets.removeListening(socket);
        try {
            socket.executor().execute(() -> {
                socket.stopListening();
                socket.release();
                if (!socket.isClosed()) {
                    closed.tryEmitEmpty();
                }
            });
        } catch (RejectedExecutionException e) {
            // The event loop is shut down, and has closed the socket.
            closed.tryEmitEmpty();
        }
    }

    @Override
    public boolean isDisposed() {
        return disposed.get();
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
        return "listener on " + address;
    }
}
