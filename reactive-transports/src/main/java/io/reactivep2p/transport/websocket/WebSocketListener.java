package io.reactivep2p.transport.websocket;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.transport.Listener;
import reactor.core.publisher.Mono;

/** A TCP listener under the address of WebSockets. */
record WebSocketListener(Listener socket, Multiaddr address) implements Listener {

    @Override
    public Mono<Void> close() {
        return socket.close();
    }

    @Override
    public void dispose() {
        socket.dispose();
    }

    @Override
    public boolean isDisposed() {
        return socket.isDisposed();
    }

    @Override
    public Mono<Void> onDispose() {
        return socket.onDispose();
    }

    @Override
    public String toString() {
        return "listener on " + address;
    }
}
