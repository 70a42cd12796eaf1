package io.reactivep2p.transport.websocket;

import io.reactivep2p.Libp2p;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.testkit.HostExtension;
import io.reactivep2p.testkit.StreamContract;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams over WebSocket, Noise and Yamux. */
class WebSocketStreamContractTest implements StreamContract {

    @RegisterExtension
    final HostExtension hosts = HostExtension.create(() -> Libp2p.host()
            .transport(WebSocket.create())
            .security(Noise.create())
            .muxer(Yamux.create())
            .listen("/ip4/127.0.0.1/tcp/0/ws"));

    @Override
    public HostExtension hosts() {
        return hosts;
    }
}
