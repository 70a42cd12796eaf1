package io.reactivep2p.upgrade;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.multistream.NegotiationException;
import io.reactivep2p.multistream.NegotiationSession;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.StreamMuxer;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.Protector;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.transport.RawConnection;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;

/**
 * One upgrade under way. Everything happens on the channel's event loop; only {@link #request} and {@link #cancel} may come from
 * elsewhere, and {@link #state} settles which of completion and cancellation was first.
 */
final class Upgrade implements Subscription {

    private enum State {
        NEW,
        RUNNING,
        DONE,
        CANCELLED
    }

    private final ConnectionUpgrader upgrader;
    private final RawConnection raw;
    private final Channel channel;
    private final @Nullable PeerId expectedPeer;
    private final CoreSubscriber<? super MuxedConnection> actual;
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

    private @Nullable Future<?> timer;
    private @Nullable Disposable handshake;
    /** The first negotiation in a private network; what it cannot make sense of is a stranger's. */
    private @Nullable NegotiationSession admission;

    private String step = "starting";

    Upgrade(
            ConnectionUpgrader upgrader,
            RawConnection raw,
            @Nullable PeerId expectedPeer,
            CoreSubscriber<? super MuxedConnection> actual) {
        this.upgrader = upgrader;
        this.raw = raw;
        this.channel = raw.channel();
        this.expectedPeer = expectedPeer;
        this.actual = actual;
    }

    @Override
    public void request(long n) {
        if (state.compareAndSet(State.NEW, State.RUNNING)) {
            onEventLoop(this::start);
        }
    }

    @Override
    public void cancel() {
        State before = state.getAndUpdate(now -> now == State.DONE ? State.DONE : State.CANCELLED);
        if (before == State.NEW || before == State.RUNNING) {
            onEventLoop(this::close);
        }
    }

    private void start() {
        if (isOver()) {
            return;
        }
        if (!channel.isActive()) {
            fail(new HandshakeException("the connection was closed before its upgrade began"));
            return;
        }
        timer = channel.eventLoop()
                .schedule(this::timedOut, upgrader.options().timeout().toNanos(), TimeUnit.NANOSECONDS);
        Protector protector = upgrader.options().protector();
        if (protector == null) {
            step = "negotiating security";
            negotiate(upgrader.securityNames(), this::secure);
        } else {
            step = "negotiating security in a private network, which the remote peer may not be in";
            try {
                protector.protect(raw);
            } catch (RuntimeException e) {
                fail(e);
                return;
            }
            admission = negotiate(upgrader.securityNames(), this::secure);
        }
        channel.config().setAutoRead(true);
    }

    private void secure(ProtocolId name) {
        SecureChannel security = upgrader.security(name);
        if (security == null) {
            fail(unknown(name, upgrader.securityNames()));
            return;
        }
        step = "securing with " + name;
        HandshakeSubscriber subscriber = new HandshakeSubscriber(this);
        handshake = subscriber;
        try {
            security.secure(raw, upgrader.parameters(expectedPeer)).subscribe(subscriber);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** The handshake's result; in the turn in which it ended, before any byte that follows it. */
    void secured(SecuredConnection secured) {
        handshake = null;
        if (isOver()) {
            return;
        }
        PeerId remote = secured.remotePeer();
        if (remote.equals(upgrader.localPeer())) {
            fail(new HandshakeException("the connection leads to ourselves, " + remote));
            return;
        }
        if (expectedPeer != null && !expectedPeer.equals(remote)) {
            fail(new HandshakeException("expected peer " + expectedPeer + ", but " + remote + " answered"));
            return;
        }
        ProtocolId early = secured.muxer();
        if (early != null) {
            mux(secured, early);
        } else {
            step = "negotiating a muxer";
            negotiate(upgrader.muxerNames(), name -> mux(secured, name));
        }
    }

    private void mux(SecuredConnection secured, ProtocolId name) {
        StreamMuxer muxer = upgrader.muxer(name);
        if (muxer == null) {
            fail(unknown(name, upgrader.muxerNames()));
            return;
        }
        step = "starting " + name;
        MuxedConnection connection;
        try {
            connection = muxer.mux(secured);
        } catch (RuntimeException e) {
            fail(e);
            return;
        }
        if (state.compareAndSet(State.RUNNING, State.DONE)) {
            stopTimer();
            actual.onNext(connection);
            actual.onComplete();
        }
    }

    /** Ends the upgrade with an error, unless it has ended, and closes the channel. */
    void fail(Throwable cause) {
        if (state.compareAndSet(State.RUNNING, State.DONE)) {
            close();
            actual.onError(told(cause));
        }
    }

    private Throwable told(Throwable cause) {
        if (cause instanceof NegotiationException && admission != null && !admission.greeted()) {
            // Without the cause, which may quote what a wrong key makes of the bytes.
            return new HandshakeException("what arrived made no sense while " + step);
        }
        return cause instanceof Libp2pException
                ? cause
                : new HandshakeException("failed while " + step + ": " + cause, cause);
    }

    void closedByRemote() {
        fail(new HandshakeException("the connection was closed while " + step));
    }

    boolean isOver() {
        State now = state.get();
        return now == State.DONE || now == State.CANCELLED;
    }

    private NegotiationSession negotiate(List<ProtocolId> names, Consumer<ProtocolId> next) {
        NegotiationSession session = raw.direction().isInitiator()
                ? NegotiationSession.initiator(names)
                : NegotiationSession.responder(names::contains);
        channel.pipeline().addLast(new NegotiationHandler(session, this, next));
        return session;
    }

    private void timedOut() {
        fail(new HandshakeException(
                "timed out after " + upgrader.options().timeout().toMillis() + " ms while " + step));
    }

    private void close() {
        stopTimer();
        Disposable running = handshake;
        handshake = null;
        if (running != null) {
            running.dispose();
        }
        channel.close();
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void onEventLoop(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
            return;
        }
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            // The loop has shut down, and with it everything that is confined to it.
            fail(new HandshakeException("the event loop has shut down", e));
        }
    }

    private static NegotiationException unknown(ProtocolId name, List<ProtocolId> names) {
        return new NegotiationException("the handshake agreed on " + name + ", which is none of " + names, names);
    }
}
