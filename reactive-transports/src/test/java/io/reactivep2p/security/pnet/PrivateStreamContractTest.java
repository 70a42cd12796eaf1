package io.reactivep2p.security.pnet;

import io.reactivep2p.Libp2p;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.testkit.HostExtension;
import io.reactivep2p.testkit.StreamContract;
import io.reactivep2p.transport.tcp.Tcp;
import java.security.SecureRandom;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams over TCP, Noise and Yamux in a private network: credit follows demand there too. */
class PrivateStreamContractTest implements StreamContract {

    private static final PrivateNetwork NETWORK = PrivateNetwork.create(PreSharedKey.generate(new SecureRandom()));

    @RegisterExtension
    final HostExtension hosts = HostExtension.create(() -> Libp2p.host()
            .privateNetwork(NETWORK)
            .transport(Tcp.create())
            .security(Noise.create())
            .muxer(Yamux.create())
            .listen("/ip4/127.0.0.1/tcp/0"));

    @Override
    public HostExtension hosts() {
        return hosts;
    }
}
