package io.reactivep2p.transport;

import io.reactivep2p.multiformats.Multiaddr;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** A listening socket. {@link #dispose()} stops it; connections it accepted live on. */
public interface Listener extends Disposable {

    /** The address that is really bound: port 0 is replaced by the port taken, an unspecified IP stays as it is. */
    Multiaddr address();

    /** Stops listening; completes when the socket is closed, never fails. */
    Mono<Void> close();

    /** Completes when the socket is closed, whoever closed it. */
    Mono<Void> onDispose();
}
