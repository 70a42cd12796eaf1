package io.reactivep2p.transport.websocket;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.testkit.TransportContract;
import io.reactivep2p.transport.RawTransport;

class WebSocketTlsContractTest implements TransportContract {

    private final WebSocket webSocket = WebSocket.create(spec -> {
        TestCertificates.node(spec);
        spec.trust(TestCertificates.AUTHORITY);
    });

    @Override
    public RawTransport transport() {
        return webSocket;
    }

    @Override
    public Multiaddr anyAddress() {
        return Multiaddr.of("/ip4/127.0.0.1/tcp/0/tls/ws");
    }

    @Override
    public Multiaddr deadAddress() {
        return Multiaddr.of("/ip4/127.0.0.1/tcp/1/tls/ws");
    }
}
