package io.reactivep2p.transport.quic;

import io.reactivep2p.Libp2p;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.testkit.HostExtension;
import io.reactivep2p.testkit.StreamContract;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams over QUIC, in a host that would have others, too. */
class QuicStreamContractTest implements StreamContract {

    @RegisterExtension
    final HostExtension hosts = HostExtension.create(() -> Libp2p.host()
            .transport(Quic.create())
            .security(Noise.create())
            .muxer(Yamux.create())
            .listen("/ip4/127.0.0.1/udp/0/quic-v1"));

    @Override
    public HostExtension hosts() {
        return hosts;
    }
}
