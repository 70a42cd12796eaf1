package io.reactivep2p.transport.memory;

import io.reactivep2p.Libp2p;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.testkit.HostExtension;
import io.reactivep2p.testkit.StreamContract;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams over memory, Noise and Yamux. */
class MemoryStreamContractTest implements StreamContract {

    @RegisterExtension
    final HostExtension hosts = HostExtension.create(() -> Libp2p.host()
            .transport(Memory.create())
            .security(Noise.create())
            .muxer(Yamux.create())
            .listen("/memory/0"));

    @Override
    public HostExtension hosts() {
        return hosts;
    }
}
