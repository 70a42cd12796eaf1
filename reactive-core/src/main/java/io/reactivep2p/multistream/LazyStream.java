package io.reactivep2p.multistream;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.muxer.MuxedStream;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A stream that is used before its protocol is agreed on. It puts the proposal before the first bytes that leave, takes the answer off the
 * front of those that arrive, and from then on is nothing but a reference to the muxer's stream, which the listener is attached to.
 *
 * <p>One who attaches a listener and writes nothing in the same turn of the event loop may be waiting for the remote peer to speak first
 * (identify does), so the proposal leaves alone at the end of that turn: as a task of the event loop this object sends it.
 */
final class LazyStream extends ForwardingStream implements Runnable {

    /** Up to this size the first data is copied behind the proposal, so that one frame carries both. */
    private static final int COPIED_BYTES = 4096;

    private final ProtocolName name;
    private boolean proposed;
    private boolean settled;
    private boolean attached;
    private boolean readClosed;

    /** Reads an answer that does not look like nearly all do; made when one arrives. */
    private @Nullable NegotiationSession session;

    private @Nullable Listener listener;

    LazyStream(MuxedStream stream, ProtocolName name) {
        super(stream);
        this.name = name;
    }

    @Override
    public void attach(Listener newListener) {
        if (settled) {
            delegate.attach(newListener);
        } else {
            listener = newListener;
            attachSelf();
            proposeSoon();
        }
    }

    /** The end of the turn in which a listener was attached. */
    @Override
    public void run() {
        if (!proposed && !settled) {
            flush();
        }
    }

    @Override
    public void write(ByteBuf data) {
        if (proposed) {
            delegate.write(data);
            return;
        }
        proposed = true;
        int bytes = data.readableBytes();
        if (bytes > COPIED_BYTES) {
            delegate.write(name.greeting());
            delegate.write(data);
            return;
        }
        try {
            ByteBuf both = data.alloc().buffer(name.greetingLength() + bytes);
            name.writeGreeting(both);
            both.writeBytes(data, data.readerIndex(), bytes);
            delegate.write(both);
        } finally {
            data.release();
        }
    }

    @Override
    public void flush() {
        propose();
        delegate.flush();
    }

    @Override
    public void closeWrite() {
        propose();
        delegate.closeWrite();
    }

    /** The answer is read first: a responder that is told to stop before it has answered fails its negotiation, and our data with it. */
    @Override
    public void closeRead() {
        if (settled) {
            delegate.closeRead();
        } else {
            readClosed = true;
            attachSelf();
        }
    }

    /** At once, answered or not: what a reset overtakes is lost anyway, and the one who resets may be tired of waiting for an answer. */
    @Override
    public void reset(ErrorCode code) {
        settled = true;
        listener = null;
        delegate.reset(code);
    }

    @Override
    public void onData(ByteBuf data) {
        if (settled) { // reset by the listener, or handed on; nobody is left who would want it
            data.release();
            return;
        }
        int eaten;
        if (session == null && name.greets(data)) {
            eaten = name.greetingLength();
            data.skipBytes(eaten);
            settled = true;
        } else {
            int readable = data.readableBytes();
            try {
                settled = readAnswer(data);
            } catch (NegotiationException e) {
                data.release();
                fail(e);
                return;
            }
            eaten = readable - data.readableBytes();
        }
        delegate.consumed(eaten);
        if (settled) {
            handOver(data);
        } else {
            data.release();
        }
    }

    @Override
    public void onEnd() {
        if (!settled) {
            fail(new NegotiationException(
                    "the remote peer ended its side before it answered the proposal of " + name.id(), offered()));
        }
    }

    @Override
    public void onError(Libp2pException cause) {
        if (!settled) {
            settled = true;
            tell(refusal(cause, offered()));
        }
    }

    @Override
    public void onWritable() {
        if (listener != null) {
            listener.onWritable();
        }
    }

    @Override
    public void onStopped(StreamResetException cause) {
        if (listener != null) {
            listener.onStopped(cause);
        }
    }

    @Override
    public void onClosed() {
        onEnd();
    }

    private void proposeSoon() {
        if (!proposed && !settled) {
            try {
                delegate.executor().execute(this);
            } catch (RejectedExecutionException e) {
                // The loop has shut down; the connection's end is what the listener hears of next.
            }
        }
    }

    private void propose() {
        if (!proposed) {
            proposed = true;
            delegate.write(name.greeting());
        }
    }

    private void attachSelf() {
        if (!attached) {
            attached = true;
            delegate.attach(this);
        }
    }

    private boolean readAnswer(ByteBuf data) {
        if (session == null) {
            session = NegotiationSession.initiator(offered());
        }
        session.onData(data);
        return session.selected() != null;
    }

    private void handOver(ByteBuf data) {
        Listener next = listener;
        listener = null;
        if (next != null) {
            delegate.attach(next);
        }
        if (readClosed) {
            delegate.closeRead();
        }
        if (next != null && data.isReadable() && !readClosed) {
            next.onData(data);
        } else {
            data.release();
        }
    }

    private void fail(NegotiationException cause) {
        settled = true;
        delegate.reset(ErrorCode.NEGOTIATION_FAILED);
        tell(cause);
    }

    private void tell(Libp2pException cause) {
        Listener told = listener;
        listener = null;
        if (told != null) {
            told.onError(cause);
        }
    }

    private List<ProtocolId> offered() {
        return List.of(name.id());
    }
}
