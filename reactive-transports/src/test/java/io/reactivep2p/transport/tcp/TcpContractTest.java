package io.reactivep2p.transport.tcp;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.testkit.TransportContract;
import io.reactivep2p.transport.RawTransport;

class TcpContractTest implements TransportContract {

    private final Tcp tcp = Tcp.create();

    @Override
    public RawTransport transport() {
        return tcp;
    }

    @Override
    public Multiaddr anyAddress() {
        return Multiaddr.of("/ip4/127.0.0.1/tcp/0");
    }

    @Override
    public Multiaddr deadAddress() {
        return Multiaddr.of("/ip4/127.0.0.1/tcp/1");
    }
}
