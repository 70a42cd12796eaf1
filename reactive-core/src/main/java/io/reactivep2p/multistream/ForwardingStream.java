package io.reactivep2p.multistream;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.muxer.MuxedStream;
import java.util.List;

/** A stream that stands before another one and listens to it while a negotiation lasts. */
abstract class ForwardingStream implements MuxedStream, MuxedStream.Listener {

    final MuxedStream delegate;

    ForwardingStream(MuxedStream delegate) {
        this.delegate = delegate;
    }

    @Override
    public final long id() {
        return delegate.id();
    }

    @Override
    public final Direction direction() {
        return delegate.direction();
    }

    @Override
    public final EventExecutor executor() {
        return delegate.executor();
    }

    @Override
    public final boolean isWritable() {
        return delegate.isWritable();
    }

    @Override
    public void write(ByteBuf data) {
        delegate.write(data);
    }

    @Override
    public void flush() {
        delegate.flush();
    }

    @Override
    public final void consumed(int bytes) {
        delegate.consumed(bytes);
    }

    @Override
    public void closeWrite() {
        delegate.closeWrite();
    }

    @Override
    public final String toString() {
        return delegate.toString();
    }

    /** A remote peer that resets the stream because the negotiation failed has refused; a reset may overtake the {@code na}. */
    static Libp2pException refusal(Libp2pException cause, List<ProtocolId> offered) {
        if (cause instanceof StreamResetException reset
                && reset.remote()
                && reset.code().equals(ErrorCode.NEGOTIATION_FAILED)) {
            return new NegotiationException("the remote peer reset the stream: negotiation failed", offered, cause);
        }
        return cause;
    }
}
