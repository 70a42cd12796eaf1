package io.reactivep2p.transport;

import io.reactivep2p.multiformats.Multiaddr;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** A transport whose connections carry plain bytes: TCP, WebSocket, memory. */
public interface RawTransport extends Transport {

    /**
     * Connects to {@code address}; a trailing {@code /p2p/...} is ignored.
     *
     * <p><b>Completion</b>: with the connection, on its event loop; reading has not begun, and the subscriber installs its handlers
     * before it returns.
     *
     * <p><b>Errors</b>: {@link TransportException} naming the address.
     *
     * <p><b>Cancellation</b>: gives up the attempt and closes what was made of it. A connection that is on its way to the subscriber at
     * that moment may still arrive, and is the subscriber's then: one that drops what comes after its cancel, as those made of lambdas
     * do, may leave it open.
     */
    Mono<RawConnection> dial(Multiaddr address);

    /**
     * Listens on {@code address}. {@code acceptor} is called on each new connection's own event loop, before it reads, and installs its
     * handlers before it returns.
     *
     * <p><b>Errors</b>: {@link TransportException} naming the address, for example of a busy port.
     */
    Mono<Listener> listen(Multiaddr address, Consumer<RawConnection> acceptor);
}
