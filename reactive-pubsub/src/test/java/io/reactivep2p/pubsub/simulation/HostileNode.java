package io.reactivep2p.pubsub.simulation;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.host.Host;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.pubsub.wire.Control;
import io.reactivep2p.pubsub.wire.Rpc;
import io.reactivep2p.pubsub.wire.RpcCodec;
import io.reactivep2p.pubsub.wire.RpcLimits;
import io.reactivep2p.pubsub.wire.Subscription;
import io.reactivep2p.testkit.sim.SimNetwork;
import io.reactivep2p.wire.MessageCodec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Speaks gossipsub as it likes: says that it subscribes, forwards nothing, and does what the scenario has it do. */
final class HostileNode {

    private static final ProtocolId PROTOCOL = ProtocolId.of("/meshsub/1.1.0");
    private static final MessageCodec<Rpc> CODEC = RpcCodec.create(RpcLimits.defaults());

    final Host host;
    private final Map<PeerId, Sinks.Many<ByteBuf>> peers = new LinkedHashMap<>();
    private final BiConsumer<PeerId, Rpc> onRpc;

    private HostileNode(Host host, BiConsumer<PeerId, Rpc> onRpc) {
        this.host = host;
        this.onRpc = onRpc;
    }

    /** @param onRpc what honest nodes say to it */
    static HostileNode create(SimNetwork network, KeyPair identity, Multiaddr address, BiConsumer<PeerId, Rpc> onRpc) {
        HostileNode node = new HostileNode(network.host(identity, address), onRpc);
        node.host.handle(PROTOCOL, node::serve);
        return node;
    }

    private Mono<Void> serve(ProtocolStream stream) {
        return stream.receive(CODEC)
                .doOnNext(rpc -> onRpc.accept(stream.connection().remotePeer(), rpc))
                .onErrorComplete()
                .then();
    }

    /** Connects and says that it subscribes to {@code topic}. */
    void meet(Host victim, String topic) {
        Sinks.Many<ByteBuf> out = Sinks.many().unicast().onBackpressureBuffer();
        if (peers.putIfAbsent(victim.id(), out) != null) {
            return;
        }
        host.dial(new PeerInfo(victim.id(), victim.addresses()))
                .flatMap(connection -> connection.open(PROTOCOL))
                .flatMap(stream -> stream.send(out.asFlux()))
                .onErrorComplete()
                .subscribe();
        send(victim.id(), Rpc.ofSubscriptions(List.of(Subscription.join(topic))));
    }

    void send(PeerId victim, Control control) {
        send(victim, Rpc.ofControl(control));
    }

    void send(PeerId victim, Rpc rpc) {
        ByteBuf frame = Unpooled.buffer();
        CODEC.encode(rpc, frame);
        peers.get(victim).tryEmitNext(frame);
    }

    /** Those it has met. */
    Iterable<PeerId> victims() {
        return List.copyOf(peers.keySet());
    }
}
