package io.reactivep2p.protocol.echo;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.host.Host;
import io.reactivep2p.host.HostService;
import reactor.core.publisher.Mono;

/** Sends back what it receives, as it arrives, and ends when the remote peer does. Its window opens as fast as the peer reads. */
public final class Echo implements HostService {

    /** The name under which js-libp2p and the interoperability tests know it. */
    public static final ProtocolId PROTOCOL = ProtocolId.of("/echo/1.0.0");

    private Echo() {}

    public static Echo create() {
        return new Echo();
    }

    @Override
    public Mono<Void> start(Host host) {
        return Mono.fromRunnable(() ->
                host.handle(PROTOCOL, stream -> stream.send(stream.receive().map(ByteBuf::retain))));
    }
}
