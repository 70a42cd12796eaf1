package io.reactivep2p.transport.websocket;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.testkit.TransportContract;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.RawTransport;
import io.reactivep2p.transport.tcp.Tcp;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** WebSocket on ports on which TCP is listened for, too. TCP's own contract needs no bytes to accept; {@link SharedPortTest} has its side. */
class WebSocketBesideTcpContractTest implements TransportContract {

    private final Tcp tcp = Tcp.create();
    private final WebSocket webSocket = WebSocket.create(spec -> spec.tcp(tcp));

    @Override
    public RawTransport transport() {
        return new BesideTcp();
    }

    @Override
    public Multiaddr anyAddress() {
        return Multiaddr.of("/ip4/127.0.0.1/tcp/0/ws");
    }

    @Override
    public Multiaddr deadAddress() {
        return Multiaddr.of("/ip4/127.0.0.1/tcp/1/ws");
    }

    private final class BesideTcp implements RawTransport {

        @Override
        public Mono<RawConnection> dial(Multiaddr address) {
            return webSocket.dial(address);
        }

        @Override
        public Mono<Listener> listen(Multiaddr address, Consumer<RawConnection> acceptor) {
            return webSocket.listen(address, acceptor).flatMap(ws -> tcp.listen(
                            ws.address().decapsulate(Protocol.WS).orElseThrow(), RawConnection::close)
                    .map(plain -> new Both(ws, plain)));
        }

        @Override
        public boolean canDial(Multiaddr address) {
            return webSocket.canDial(address);
        }

        @Override
        public boolean canListen(Multiaddr address) {
            return webSocket.canListen(address);
        }
    }

    private record Both(Listener ws, Listener plain) implements Listener {

        @Override
        public Multiaddr address() {
            return ws.address();
        }

        @Override
        public Mono<Void> close() {
            return plain.close().then(ws.close());
        }

        @Override
        public void dispose() {
            plain.dispose();
            ws.dispose();
        }

        @Override
        public boolean isDisposed() {
            return ws.isDisposed();
        }

        @Override
        public Mono<Void> onDispose() {
            return plain.onDispose().then(ws.onDispose());
        }
    }
}
