package io.reactivep2p.pubsub.testing;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.host.Host;
import io.reactivep2p.pubsub.wire.Rpc;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/** A peer that reads so many RPCs of a stream and then drops it, as rust-libp2p's floodsub does after one. */
public final class OneRpcPeer {

    private static final ProtocolId FLOODSUB = ProtocolId.of("/floodsub/1.0.0");

    private final Host host;
    private final IntUnaryOperator rpcsOf;
    private final ConcurrentLinkedQueue<Rpc> received = new ConcurrentLinkedQueue<>();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    /** @param rpcsOf how many RPCs it reads of the first stream, 0, the second, 1, and so on */
    public OneRpcPeer(Host host, IntUnaryOperator rpcsOf) {
        this.host = host;
        this.rpcsOf = rpcsOf;
        host.handle(FLOODSUB, this::serve);
    }

    private Mono<Void> serve(ProtocolStream stream) {
        most.accumulateAndGet(open.incrementAndGet(), Math::max);
        int rpcs = rpcsOf.applyAsInt(streams.getAndIncrement());
        if (rpcs == 0) {
            drop(stream);
            return Mono.never();
        }
        stream.receive(RawPeer.CODEC).subscribe(new BaseSubscriber<Rpc>() {
            private int left = rpcs;

            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(Rpc rpc) {
                received.add(rpc);
                if (--left == 0) {
                    cancel();
                    drop(stream);
                } else {
                    request(1);
                }
            }

            @Override
            protected void hookOnComplete() {
                drop(stream);
            }

            @Override
            protected void hookOnError(Throwable cause) {
                // the test looks at what was received
            }
        });
        return Mono.never();
    }

    private void drop(ProtocolStream stream) {
        open.decrementAndGet();
        stream.dispose();
    }

    public Connection connect(Host node) {
        return Objects.requireNonNull(host.dial(node.fullAddresses().get(0)).block(PubsubNodes.PATIENCE));
    }

    /** Opens a stream, without anything on it. */
    public ProtocolStream open(Connection connection) {
        return Objects.requireNonNull(connection.open(FLOODSUB).block(PubsubNodes.PATIENCE));
    }

    /** Says it on a stream of its own. */
    public void send(Connection connection, Rpc rpc) {
        sendAndEnd(open(connection), rpc);
    }

    public void sendAndEnd(ProtocolStream stream, Rpc rpc) {
        stream.send(RawPeer.CODEC, rpc).then(stream.close()).block(PubsubNodes.PATIENCE);
    }

    public Host host() {
        return host;
    }

    public List<Rpc> received() {
        return List.copyOf(received);
    }

    /** Streams that the node has opened. */
    public int streams() {
        return streams.get();
    }

    /** The most that were open at one time. */
    public int most() {
        return most.get();
    }
}
