package io.reactivep2p.transport.quic;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedTransport;
import io.reactivep2p.testkit.MuxedStreamContract;
import io.reactivep2p.testkit.MuxedTransportContract;
import java.time.Duration;

class QuicContractTest implements MuxedTransportContract, MuxedStreamContract {

    private final Quic quic = Quic.create(spec -> spec.handshakeTimeout(Duration.ofSeconds(4)));

    @Override
    public MuxedTransport transport() {
        return quic;
    }

    @Override
    public Multiaddr anyAddress() {
        return Multiaddr.of("/ip4/127.0.0.1/udp/0/quic-v1");
    }

    @Override
    public Multiaddr deadAddress() {
        return Multiaddr.of("/ip4/127.0.0.1/udp/1/quic-v1");
    }
}
