package io.reactivep2p.pubsub.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.host.Host;
import io.reactivep2p.pubsub.wire.Rpc;
import io.reactivep2p.pubsub.wire.RpcCodec;
import io.reactivep2p.pubsub.wire.RpcLimits;
import io.reactivep2p.wire.MessageCodec;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/** A peer that speaks RPCs and does with them as the test says. Reads what it is sent, unless told not to. */
public final class RawPeer {

    public static final MessageCodec<Rpc> CODEC =
            RpcCodec.create(RpcLimits.defaults().withMaxBytes(8 << 20));

    private final Host host;
    private final ProtocolId protocol;
    private final ConcurrentLinkedQueue<Rpc> received = new ConcurrentLinkedQueue<>();
    private final AtomicInteger streams = new AtomicInteger();
    private final Disposable serving;
    private volatile @Nullable ProtocolStream out;
    private volatile @Nullable ProtocolStream in;

    public RawPeer(Host host, ProtocolId protocol, boolean reads) {
        this.host = host;
        this.protocol = protocol;
        this.serving = host.handle(protocol, stream -> serve(stream, reads));
    }

    private Mono<Void> serve(ProtocolStream stream, boolean reads) {
        in = stream;
        streams.incrementAndGet();
        if (!reads) {
            return Mono.never();
        }
        stream.receive(CODEC).doOnNext(received::add).subscribe(new BaseSubscriber<Rpc>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                requestUnbounded();
            }

            @Override
            protected void hookOnComplete() {
                // A node that closes waits for it.
                stream.close().subscribe();
            }

            @Override
            protected void hookOnError(Throwable cause) {
                // the test looks at streams
            }
        });
        return Mono.never();
    }

    public Host host() {
        return host;
    }

    /** Connects and opens a stream to the node. */
    public RawPeer connect(Host node) {
        Connection connection = host.dial(node.fullAddresses().get(0)).block(PubsubNodes.PATIENCE);
        return open(Objects.requireNonNull(connection));
    }

    /** Opens another stream. */
    public RawPeer open(Connection connection) {
        out = connection.open(protocol).block(PubsubNodes.PATIENCE);
        return this;
    }

    public ProtocolStream out() {
        return Objects.requireNonNull(out, "not connected");
    }

    public Connection connection() {
        return out().connection();
    }

    /** The stream that the node opened last. */
    public @Nullable ProtocolStream in() {
        return in;
    }

    /** How many streams the node has opened. */
    public int streams() {
        return streams.get();
    }

    public void send(Rpc rpc) {
        out().send(CODEC, rpc).block(PubsubNodes.PATIENCE);
    }

    public void send(byte[] bytes) {
        out().send(Mono.<ByteBuf>just(Unpooled.wrappedBuffer(bytes))).block(PubsubNodes.PATIENCE);
    }

    public List<Rpc> received() {
        return List.copyOf(received);
    }

    /** Ends the node's stream and takes no other, as a node does that closes. */
    public void stopServing() {
        serving.dispose();
        Objects.requireNonNull(in, "no stream").dispose();
    }

    /** Ends its streams. */
    public void close() {
        if (out != null) {
            out().dispose();
        }
        ProtocolStream inbound = in;
        if (inbound != null) {
            inbound.dispose();
        }
    }
}
