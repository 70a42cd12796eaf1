package io.reactivep2p.swarm;

import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multistream.Multistream;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peerstore.Peerstore;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A muxed connection with its streams' protocols negotiated. The mutable fields are confined to the event loop. */
final class DefaultConnection implements Connection {

    /** How many protocols a connection remembers that the remote peer has spoken on it. */
    static final int MAX_SPOKEN = 64;

    private final MuxedConnection muxed;
    private final InboundStreams inbound;
    private final Peerstore peerstore;
    private final int maxNegotiating;
    private final NegotiationQueue negotiations;

    /** Written on the event loop, read by anyone; made with the first stream, since most connections idle. */
    private volatile @Nullable Set<ProtocolStream> streams;

    private @Nullable Set<ProtocolId> spoken;
    private int negotiatingInbound;

    DefaultConnection(
            MuxedConnection muxed,
            InboundStreams inbound,
            Peerstore peerstore,
            int maxNegotiating,
            Duration negotiationTimeout) {
        this.muxed = muxed;
        this.inbound = inbound;
        this.peerstore = peerstore;
        this.maxNegotiating = maxNegotiating;
        this.negotiations = new NegotiationQueue(muxed.executor(), negotiationTimeout.toNanos());
    }

    /** Begins to take inbound streams. On the event loop, in the turn in which the upgrade completed. */
    void start() {
        muxed.acceptStreams(this::accept);
    }

    /** The connection has ended. On the event loop. */
    void onClosed() {
        negotiations.close();
    }

    @Override
    public PeerId remotePeer() {
        return muxed.remotePeer();
    }

    @Override
    public PeerId localPeer() {
        return muxed.localPeer();
    }

    @Override
    public Multiaddr remoteAddress() {
        return muxed.remoteAddress();
    }

    @Override
    public Multiaddr localAddress() {
        return muxed.localAddress();
    }

    @Override
    public Direction direction() {
        return muxed.direction();
    }

    @Override
    public ProtocolId security() {
        return muxed.security();
    }

    @Override
    public ProtocolId muxer() {
        return muxed.muxer();
    }

    @Override
    public Optional<Duration> rtt() {
        long nanos = muxed.rttNanos();
        return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    @Override
    public Mono<ProtocolStream> open(ProtocolId protocol) {
        return open(List.of(protocol));
    }

    @Override
    public Mono<ProtocolStream> open(List<ProtocolId> protocols) {
        List<ProtocolId> offered = List.copyOf(protocols);
        if (offered.isEmpty()) {
            return Mono.error(new IllegalArgumentException("at least one protocol is needed to open a stream"));
        }
        return Mono.create(sink -> {
            OpeningStream opening = new OpeningStream(this, offered, sink);
            sink.onCancel(opening);
            EventExecutor executor = muxed.executor();
            if (executor.inEventLoop()) {
                opening.run();
            } else {
                executor.execute(opening);
            }
        });
    }

    MuxedConnection muxed() {
        return muxed;
    }

    NegotiationQueue negotiations() {
        return negotiations;
    }

    /** Whether the remote peer surely speaks {@code protocol}, so that its answer need not be waited for. */
    boolean isSpoken(ProtocolId protocol) {
        return (spoken != null && spoken.contains(protocol)) || peerstore.supports(remotePeer(), protocol);
    }

    void onSpoken(ProtocolId protocol) {
        if (spoken == null) {
            spoken = new HashSet<>(4);
        }
        if (spoken.size() < MAX_SPOKEN) {
            spoken.add(protocol);
        }
    }

    /** Makes the user's stream. {@code onGone} is run when it has ended. */
    ProtocolStream streamOf(ProtocolId protocol, MuxedStream stream, @Nullable Runnable onGone) {
        TrackedStream tracked = new TrackedStream(this, onGone);
        return tracked.start(DefaultProtocolStream.create(this, protocol, stream, tracked));
    }

    private void accept(MuxedStream stream) {
        if (negotiatingInbound >= maxNegotiating) {
            stream.reset(ErrorCode.RESOURCE_LIMIT_EXCEEDED);
            return;
        }
        negotiatingInbound++;
        Incoming incoming = new Incoming();
        incoming.track(negotiations, Multistream.respond(stream, inbound::supports, incoming));
    }

    private void serve(ProtocolId protocol, MuxedStream stream) {
        Runnable place = inbound.admit(this, protocol);
        if (place == null) {
            stream.reset(ErrorCode.RESOURCE_LIMIT_EXCEEDED);
            return;
        }
        inbound.serve(streamOf(protocol, stream, place));
    }

    @Override
    public Collection<ProtocolStream> streams() {
        Set<ProtocolStream> open = streams;
        return open == null ? List.of() : List.copyOf(open);
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            muxed.close(ErrorCode.NONE);
            return muxed.onDispose();
        });
    }

    @Override
    public void dispose() {
        muxed.dispose();
    }

    @Override
    public boolean isDisposed() {
        return muxed.isDisposed();
    }

    @Override
    public Mono<Void> onDispose() {
        return muxed.onDispose();
    }

    @Override
    public Optional<ConnectionClosedException> closeCause() {
        return muxed.closeCause();
    }

    @Override
    public String toString() {
        return direction() + " connection to " + remotePeer() + " at " + remoteAddress();
    }

    /** An inbound stream whose protocol is being agreed on. */
    private final class Incoming extends NegotiationQueue.Entry {

        @Override
        public void selected(ProtocolId protocol, MuxedStream stream) {
            end();
            serve(protocol, stream);
        }

        @Override
        public void failed(Libp2pException cause) {
            end();
        }

        private void end() {
            negotiatingInbound--;
            negotiations.remove(this);
        }
    }

    /** Keeps a stream in the set of open ones until it is gone. */
    private static final class TrackedStream implements Runnable {

        private final DefaultConnection connection;
        private final @Nullable Runnable onGone;
        private @Nullable ProtocolStream stream;
        private boolean gone;

        TrackedStream(DefaultConnection connection, @Nullable Runnable onGone) {
            this.connection = connection;
            this.onGone = onGone;
        }

        /** A stream may end while it is being made, so it is only tracked if it is still there. */
        ProtocolStream start(ProtocolStream made) {
            if (!gone) {
                stream = made;
                Set<ProtocolStream> open = connection.streams;
                if (open == null) {
                    open = ConcurrentHashMap.newKeySet(4);
                    connection.streams = open;
                }
                open.add(made);
            }
            return made;
        }

        @Override
        public void run() {
            gone = true;
            Set<ProtocolStream> open = connection.streams;
            if (stream != null && open != null) {
                open.remove(stream);
            }
            if (onGone != null) {
                onGone.run();
            }
        }
    }
}
