package io.reactivep2p.transport.websocket;

import io.reactivep2p.Libp2p;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.testkit.HostExtension;
import io.reactivep2p.testkit.StreamContract;
import io.reactivep2p.transport.tcp.Tcp;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams over TCP, Noise and Yamux, on a port on which WebSockets are listened for, too. */
class SharedPortStreamContractTest implements StreamContract {

    @RegisterExtension
    final HostExtension hosts = HostExtension.create(() -> {
        Tcp tcp = Tcp.create();
        return Libp2p.host()
                .transport(tcp)
                .transport(WebSocket.create(spec -> spec.tcp(tcp)))
                .security(Noise.create())
                .muxer(Yamux.create())
                .listen("/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/tcp/0/ws");
    });

    @Override
    public HostExtension hosts() {
        return hosts;
    }
}
