package io.reactivep2p.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.muxer.MuxedStream;
import org.jspecify.annotations.Nullable;

/** One end of a stream under test, with what it was told. The bytes of each direction count up, so order and loss show. */
final class RecordingStream implements MuxedStream.Listener {

    private static final int PIECE = 16 * 1024;

    final MuxedStream stream;

    /** Whether bytes are consumed as they come. */
    boolean consuming;

    long sent;
    long received;
    long unconsumed;
    boolean inOrder = true;
    boolean ended;
    boolean stopped;
    boolean closed;
    int calledAfterLast;
    int writableTurns;

    @Nullable
    Libp2pException error;

    RecordingStream(MuxedStream stream) {
        this.stream = stream;
        stream.attach(this);
    }

    /** Writes so many bytes, writable or not. */
    void write(int bytes) {
        // By the array: leak detection notes each access of a buffer, which makes byte by byte take minutes.
        byte[] content = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            content[i] = (byte) sent++;
        }
        stream.write(ByteBufAllocator.DEFAULT.buffer(bytes).writeBytes(content));
        stream.flush();
    }

    /** Writes while the stream takes more, at most {@code limit} bytes in all; returns how many. */
    long writeWhileWritable(long limit, Runnable pump) {
        long before = sent;
        while (sent - before < limit && stream.isWritable()) {
            write((int) Math.min(PIECE, limit - (sent - before)));
            pump.run();
        }
        return sent - before;
    }

    void consumeAll() {
        consuming = true;
        int bytes = (int) unconsumed;
        unconsumed = 0;
        if (bytes > 0) {
            stream.consumed(bytes);
        }
    }

    @Override
    public void onData(ByteBuf data) {
        noteLate();
        byte[] content = new byte[data.readableBytes()];
        data.readBytes(content);
        data.release();
        for (byte next : content) {
            inOrder &= next == (byte) received;
            received++;
        }
        unconsumed += content.length;
        if (consuming) {
            consumeAll();
        }
    }

    @Override
    public void onEnd() {
        noteLate();
        if (ended) {
            calledAfterLast++;
        }
        ended = true;
    }

    @Override
    public void onError(Libp2pException cause) {
        noteLate();
        error = cause;
    }

    @Override
    public void onWritable() {
        noteLate();
        writableTurns++;
    }

    @Override
    public void onStopped(StreamResetException cause) {
        noteLate();
        stopped = true;
    }

    @Override
    public void onClosed() {
        noteLate();
        closed = true;
    }

    private void noteLate() {
        if (closed || error != null) {
            calledAfterLast++;
        }
    }
}
