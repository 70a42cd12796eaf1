package io.reactivep2p.multistream;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.muxer.MuxedStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A negotiation on a stream whose outcome is waited for. Hands over the muxer's own stream; only where bytes came behind the last message
 * it hands over itself, for as long as it takes to pass them on to the listener that is attached.
 */
final class StreamNegotiation extends ForwardingStream implements Multistream.Negotiation {

    private final NegotiationSession session;
    private final List<ProtocolId> offered;
    private final Multistream.Outcome outcome;
    private boolean done;
    private boolean wrote;
    private boolean handingOver;
    private boolean reset;
    private @Nullable ByteBuf leftover;
    private @Nullable Listener next;

    StreamNegotiation(
            MuxedStream stream, NegotiationSession session, List<ProtocolId> offered, Multistream.Outcome outcome) {
        super(stream);
        this.session = session;
        this.offered = offered;
        this.outcome = outcome;
    }

    StreamNegotiation start() {
        drain();
        delegate.attach(this);
        if (wrote) {
            // What is written later is written in a turn that a read began, and goes out at its end, together with what
            // the user
            // of the stream may write in the same turn.
            delegate.flush();
        }
        return this;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public void abort(Libp2pException cause) {
        if (!done) {
            fail(cause);
        }
    }

    @Override
    public void onData(ByteBuf data) {
        if (done) {
            abandon(data);
            return;
        }
        int readable = data.readableBytes();
        try {
            session.onData(data);
        } catch (NegotiationException e) {
            data.release();
            drain();
            fail(e);
            return;
        } catch (RuntimeException e) { // the caller's predicate
            data.release();
            fail(new NegotiationException("the stream's protocol could not be looked up", offered, e));
            return;
        }
        int eaten = readable - data.readableBytes();
        if (eaten > 0) {
            delegate.consumed(eaten);
        }
        drain();
        ProtocolId selected = session.selected();
        if (selected == null) {
            data.release();
        } else if (data.isReadable()) {
            done = true;
            handOver(selected, data);
        } else {
            done = true;
            data.release();
            outcome.selected(selected, delegate);
        }
    }

    @Override
    public void onEnd() {
        if (done) {
            return;
        }
        try {
            session.onEnd();
        } catch (NegotiationException e) {
            fail(e);
        }
    }

    @Override
    public void onError(Libp2pException cause) {
        if (!done) {
            done = true;
            outcome.failed(refusal(cause, offered));
        }
    }

    @Override
    public void onWritable() {
        // the few bytes of a negotiation are written whether or not the window admits them yet
    }

    @Override
    public void onClosed() {
        onEnd();
    }

    @Override
    public void attach(Listener listener) {
        if (handingOver) {
            next = listener;
        } else {
            delegate.attach(listener);
        }
    }

    @Override
    public void closeRead() {
        dropLeftover();
        delegate.closeRead();
    }

    @Override
    public void reset(ErrorCode code) {
        reset = true;
        dropLeftover();
        delegate.reset(code);
    }

    private void handOver(ProtocolId selected, ByteBuf rest) {
        leftover = rest;
        handingOver = true;
        try {
            outcome.selected(selected, this);
        } catch (RuntimeException e) {
            reset(ErrorCode.NONE);
            throw e;
        } finally {
            handingOver = false;
        }
        if (reset) {
            return;
        }
        Listener listener = next;
        ByteBuf data = leftover;
        leftover = null;
        if (listener == null) {
            if (data != null) {
                abandon(data);
            }
            return;
        }
        next = null;
        delegate.attach(listener);
        if (data != null) {
            listener.onData(data);
        }
    }

    /** Data for a stream that was handed over to someone who does not listen. */
    private void abandon(ByteBuf data) {
        data.release();
        delegate.reset(ErrorCode.NONE);
    }

    private void drain() {
        ByteBuf output = session.pollOutput();
        if (output != null) {
            wrote = true;
            delegate.write(output);
        }
    }

    private void fail(Libp2pException cause) {
        done = true;
        delegate.reset(ErrorCode.NEGOTIATION_FAILED);
        outcome.failed(cause);
    }

    private void dropLeftover() {
        ByteBuf data = leftover;
        leftover = null;
        if (data != null) {
            data.release();
        }
    }
}
