package io.reactivep2p.transport.memory;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.testkit.TransportContract;
import io.reactivep2p.transport.RawTransport;

class MemoryContractTest implements TransportContract {

    private final Memory memory = Memory.create();

    @Override
    public RawTransport transport() {
        return memory;
    }

    @Override
    public Multiaddr anyAddress() {
        return Multiaddr.of("/memory/0");
    }

    @Override
    public Multiaddr deadAddress() {
        return Multiaddr.of("/memory/4242");
    }
}
