package io.reactivep2p.testkit.sim;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.peer.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One end of a connection. */
final class SimConnection implements MuxedConnection {

    static final ProtocolId NAME = ProtocolId.of("/sim");

    /** One end's identity. */
    record End(PublicKey key, Multiaddr address) {}

    private final SimNetwork network;
    private final End local;
    private final End remote;
    private final Direction direction;
    private final SimLink out;
    private final Map<Long, SimStream> streams = new LinkedHashMap<>();
    private final Sinks.Empty<Void> disposed = Sinks.empty();
    private @Nullable Consumer<MuxedStream> acceptor;
    private @Nullable SimConnection other;
    private @Nullable ConnectionClosedException closeCause;
    private long nextId;

    private SimConnection(SimNetwork network, End local, End remote, Direction direction, SimLink out) {
        this.network = network;
        this.local = local;
        this.remote = remote;
        this.direction = direction;
        this.out = out;
        this.nextId = direction == Direction.OUTBOUND ? 1 : 2;
    }

    /** Both ends, the dialer's first. */
    static SimConnection[] pair(SimNetwork network, End dialer, End listener, SimLink there, SimLink back) {
        SimConnection out = new SimConnection(network, dialer, listener, Direction.OUTBOUND, there);
        SimConnection in = new SimConnection(network, listener, dialer, Direction.INBOUND, back);
        out.other = in;
        in.other = out;
        return new SimConnection[] {out, in};
    }

    /** Has the other end's stream do something when this arrives there. */
    void send(int bytes, long id, Consumer<SimStream> effect) {
        deliver(bytes, () -> {
            SimStream stream = peer().streams.get(id);
            if (stream != null) {
                effect.accept(stream);
            }
        });
    }

    /** Takes ownership of the piece. */
    void sendPiece(ByteBuf piece, long id) {
        deliver(piece.readableBytes(), () -> {
            SimStream stream = peer().streams.get(id);
            if (stream == null) {
                piece.release();
            } else {
                stream.dataArrived(piece);
            }
        });
    }

    private void deliver(int bytes, Runnable effect) {
        long now = network.nanoTime();
        network.executor().schedule(effect, out.arrival(bytes, now) - now, TimeUnit.NANOSECONDS);
    }

    private SimConnection peer() {
        if (other == null) {
            throw new IllegalStateException("a connection without another end");
        }
        return other;
    }

    boolean loses() {
        return network.loses();
    }

    void left(long id) {
        streams.remove(id);
    }

    @Override
    public Mono<MuxedStream> openStream() {
        return Mono.defer(() -> {
            if (closeCause != null) {
                return Mono.error(closeCause);
            }
            SimStream stream = new SimStream(this, nextId, Direction.OUTBOUND);
            long id = nextId;
            nextId += 2;
            streams.put(id, stream);
            deliver(0, () -> peer().accept(id));
            return Mono.just(stream);
        });
    }

    private void accept(long id) {
        if (closeCause != null) {
            return;
        }
        SimStream stream = new SimStream(this, id, Direction.INBOUND);
        streams.put(id, stream);
        if (acceptor == null) {
            stream.reset(ErrorCode.NONE);
        } else {
            acceptor.accept(stream);
        }
    }

    @Override
    public void close(ErrorCode code) {
        if (closeCause == null) {
            closed(new ConnectionClosedException(code, false));
            deliver(0, () -> peer().closed(new ConnectionClosedException(code, true)));
        }
    }

    /** The way between the ends is no more. */
    void cut() {
        closed(new ConnectionClosedException(ErrorCode.NONE, true));
        peer().closed(new ConnectionClosedException(ErrorCode.NONE, true));
    }

    private void closed(ConnectionClosedException cause) {
        if (closeCause != null) {
            return;
        }
        closeCause = cause;
        new ArrayList<>(streams.values()).forEach(stream -> stream.fail(cause));
        streams.clear();
        network.closed(this);
        disposed.tryEmitEmpty();
    }

    @Override
    public void acceptStreams(Consumer<MuxedStream> newAcceptor) {
        this.acceptor = newAcceptor;
    }

    @Override
    public PeerId localPeer() {
        return PeerId.of(local.key());
    }

    @Override
    public PeerId remotePeer() {
        return PeerId.of(remote.key());
    }

    @Override
    public PublicKey remoteKey() {
        return remote.key();
    }

    @Override
    public Multiaddr localAddress() {
        return local.address();
    }

    @Override
    public Multiaddr remoteAddress() {
        return remote.address();
    }

    @Override
    public Direction direction() {
        return direction;
    }

    @Override
    public ProtocolId security() {
        return NAME;
    }

    @Override
    public ProtocolId muxer() {
        return NAME;
    }

    @Override
    public EventExecutor executor() {
        return network.executor();
    }

    @Override
    public int streamCount() {
        return streams.size();
    }

    @Override
    public long rttNanos() {
        return out.latencyNanos() + peer().out.latencyNanos();
    }

    @Override
    public Mono<Void> onDispose() {
        return disposed.asMono();
    }

    @Override
    public Optional<ConnectionClosedException> closeCause() {
        return Optional.ofNullable(closeCause);
    }
}
