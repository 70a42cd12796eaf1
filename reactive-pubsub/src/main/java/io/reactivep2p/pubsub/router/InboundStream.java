package io.reactivep2p.pubsub.router;

import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.wire.Rpc;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Operators;

/**
 * The stream that a peer opened to us, of which RPCs are read: one at a time, the next when the node is through with the one before but
 * for the signatures that a {@link VerificationLane} has room for, so that a peer that sends faster than we work is held up by its window.
 */
final class InboundStream implements CoreSubscriber<Rpc>, Runnable {

    final ProtocolStream stream;
    private final SerialSection section;
    private final Owner owner;
    private final LongSupplier nanoClock;

    /** Where the signatures of its messages are verified. */
    final VerificationLane lane;

    private Subscription upstream = Operators.emptySubscription();
    private @Nullable Rpc pending;
    private boolean begun;
    /** When the next RPC was asked for, and when it came. */
    private long askedNanos;

    private long cameNanos;
    private int rpcs;

    /** Ends a stream that another has followed. */
    final Disposable.Swap grace = Disposables.swap();

    /** Told in the serial section. */
    interface Owner {

        /** Returns whether it was taken; if not, it is told again after {@link InboundStream#begin}. */
        boolean received(InboundStream from, Rpc rpc);

        /** @param malformed whether it ended for what it brought */
        void ended(InboundStream stream, boolean malformed);
    }

    InboundStream(
            ProtocolStream stream, SerialSection section, VerificationLane lane, LongSupplier nanoClock, Owner owner) {
        this.stream = stream;
        this.section = section;
        this.lane = lane;
        this.nanoClock = nanoClock;
        this.owner = owner;
    }

    PeerId peer() {
        return stream.connection().remotePeer();
    }

    /** Whether it may be one of those that bring one RPC and end: whoever has said more on it keeps it, and speaks on a newer one now. */
    boolean mayBringOneRpc() {
        return rpcs <= 1 && StreamHabit.mayDrop(stream.protocol());
    }

    /** Goes on, or begins. In the serial section. */
    void begin() {
        if (pending != null) {
            run();
        } else if (!begun) {
            begun = true;
            // The first of a stream has not been waited for.
            askedNanos = nanoClock.getAsLong() - VerificationLane.BEHIND_NANOS;
            upstream.request(1);
        }
    }

    void reset(ErrorCode code) {
        stream.reset(code);
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        upstream = subscription;
    }

    @Override
    public void onNext(Rpc rpc) {
        cameNanos = nanoClock.getAsLong();
        pending = rpc;
        section.execute(this);
    }

    /** The RPC's turn. */
    @Override
    public void run() {
        Rpc rpc = pending;
        if (rpc == null) {
            return;
        }
        boolean taken = true;
        lane.begin(cameNanos - askedNanos);
        try {
            taken = owner.received(this, rpc);
        } finally {
            if (taken) {
                pending = null;
                rpcs = rpcs == 0 ? 1 : 2;
                lane.whenRoom(this::ask);
            }
        }
    }

    private void ask() {
        askedNanos = nanoClock.getAsLong();
        upstream.request(1);
    }

    @Override
    public void onError(Throwable cause) {
        boolean malformed = cause instanceof ProtocolViolationException;
        section.execute(() -> lane.end(() -> owner.ended(this, malformed)));
    }

    @Override
    public void onComplete() {
        section.execute(() -> lane.end(() -> owner.ended(this, false)));
    }
}
