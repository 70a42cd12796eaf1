package io.reactivep2p.swarm;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.resource.ResourceLimitException;
import io.reactivep2p.transport.TransportException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * One address of a dial, from its turn to its end. Whoever ends it first, the transport or the dial, ends it; a connection that comes
 * after that is closed, and an error nobody waits for any more is no news. Any thread.
 */
final class DialAttempt implements CoreSubscriber<MuxedConnection> {

    private final Dialer dialer;
    private final PeerDial dial;
    private final Multiaddr address;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicReference<Subscription> upstream = new AtomicReference<>(Operators.emptySubscription());
    private volatile boolean begun;

    DialAttempt(Dialer dialer, PeerDial dial, Multiaddr address) {
        this.dialer = dialer;
        this.dial = dial;
        this.address = address;
    }

    Multiaddr address() {
        return address;
    }

    /** Begins when the host has room. A relayed address takes none: the dial of its relay does, and would wait behind itself. */
    void start() {
        if (address.has(Protocol.P2P_CIRCUIT)) {
            begin();
        } else if (!dialer.gate().enter(this)) {
            fail(new ResourceLimitException(
                    "dials", dialer.gate().limit() + " dials are under way already, and too many wait behind them"));
        }
    }

    void begin() {
        if (ended.get()) { // before it had even asked for a place, and so without leaving this one
            dialer.gate().leave(this);
            return;
        }
        begun = true;
        dial.started(this);
        dialer.connect(address, dial.peer(), () -> dial.connected(this)).subscribe(this);
    }

    /** Idempotent. False if it has ended before. */
    boolean cancel() {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        // Before its place is given up, so that there are never more under way than the limit says.
        upstream.getAndSet(Operators.cancelledSubscription()).cancel();
        settle(false);
        return true;
    }

    private boolean end(boolean reached) {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        settle(reached);
        return true;
    }

    private void settle(boolean reached) {
        if (begun) {
            dialer.memory().onResult(address, reached);
        }
        dialer.gate().leave(this);
    }

    private void fail(Throwable cause) {
        if (end(false)) {
            dial.failed(this, cause);
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (upstream.compareAndSet(Operators.emptySubscription(), subscription)) {
            subscription.request(Long.MAX_VALUE);
        } else {
            subscription.cancel();
        }
    }

    @Override
    public void onNext(MuxedConnection muxed) {
        if (end(true)) {
            dial.reached(this, muxed);
        } else {
            muxed.dispose();
        }
    }

    @Override
    public void onError(Throwable cause) {
        fail(cause);
    }

    @Override
    public void onComplete() {
        if (!ended.get()) {
            fail(new TransportException(address, "the transport ended without a connection", null));
        }
    }
}
