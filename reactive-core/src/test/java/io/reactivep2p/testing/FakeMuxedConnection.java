package io.reactivep2p.testing;

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
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A muxed connection without a channel: its streams are {@link FakeMuxedStream}s that the test plays. */
public final class FakeMuxedConnection implements MuxedConnection {

    private final EventExecutor executor;
    private final PeerId remote;
    private final List<FakeMuxedStream> opened = new ArrayList<>();
    private final List<Sinks.One<MuxedStream>> waiting = new ArrayList<>();
    private final Sinks.Empty<Void> disposed = Sinks.empty();
    private boolean backlogged;
    private int cancelledWaits;
    private @Nullable Consumer<MuxedStream> acceptor;
    private volatile @Nullable ConnectionClosedException closeCause;

    public FakeMuxedConnection(EventExecutor executor, PeerId remote) {
        this.executor = executor;
        this.remote = remote;
    }

    /** From here on opening a stream waits. */
    public void backlog() {
        backlogged = true;
    }

    /** Opens for those who wait. */
    public void admitWaiting() {
        backlogged = false;
        List.copyOf(waiting).forEach(sink -> sink.tryEmitValue(make(Direction.OUTBOUND)));
        waiting.clear();
    }

    /** How many gave up while they waited. */
    public int cancelledWaits() {
        return cancelledWaits;
    }

    /** The streams that were opened from this side. */
    public List<FakeMuxedStream> opened() {
        return opened;
    }

    /** The remote peer opens a stream. */
    public FakeMuxedStream remoteOpens() {
        FakeMuxedStream stream = new FakeMuxedStream(executor, Direction.INBOUND);
        if (acceptor == null) {
            throw new AssertionError("nobody accepts streams");
        }
        acceptor.accept(stream);
        return stream;
    }

    private FakeMuxedStream make(Direction direction) {
        FakeMuxedStream stream = new FakeMuxedStream(executor, direction);
        opened.add(stream);
        return stream;
    }

    @Override
    public Mono<MuxedStream> openStream() {
        return Mono.defer(() -> {
            if (closeCause != null) {
                return Mono.error(closeCause);
            }
            if (!backlogged) {
                return Mono.just(make(Direction.OUTBOUND));
            }
            Sinks.One<MuxedStream> sink = Sinks.one();
            waiting.add(sink);
            return sink.asMono().doOnCancel(() -> {
                cancelledWaits++;
                waiting.remove(sink);
            });
        });
    }

    @Override
    public void close(ErrorCode code) {
        if (closeCause == null) {
            ConnectionClosedException cause = new ConnectionClosedException(code, false);
            closeCause = cause;
            List.copyOf(waiting).forEach(sink -> sink.tryEmitError(cause));
            opened.forEach(stream -> stream.fails(cause));
            disposed.tryEmitEmpty();
        }
    }

    @Override
    public void acceptStreams(Consumer<MuxedStream> newAcceptor) {
        acceptor = newAcceptor;
    }

    @Override
    public PeerId localPeer() {
        throw new UnsupportedOperationException();
    }

    @Override
    public PeerId remotePeer() {
        return remote;
    }

    @Override
    public PublicKey remoteKey() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Multiaddr localAddress() {
        return Multiaddr.of("/memory/1");
    }

    @Override
    public Multiaddr remoteAddress() {
        return Multiaddr.of("/memory/2");
    }

    @Override
    public Direction direction() {
        return Direction.OUTBOUND;
    }

    @Override
    public ProtocolId security() {
        return PlainTestSecurity.PROTOCOL;
    }

    @Override
    public ProtocolId muxer() {
        return TestMuxer.PROTOCOL;
    }

    @Override
    public EventExecutor executor() {
        return executor;
    }

    @Override
    public int streamCount() {
        return opened.size();
    }

    @Override
    public long rttNanos() {
        return -1;
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
