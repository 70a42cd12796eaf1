package io.reactivep2p.muxer.mplex;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.connection.SansIo;
import io.reactivep2p.multiformats.Varint;

/**
 * Takes a byte stream apart, however it is cut: a head is gathered over as many buffers as it takes, data is passed on piece by piece as
 * slices of what arrived. Nothing is accumulated, so a frame's length costs no memory.
 */
@SansIo
final class MplexFrameReader {

    /** Who hears of the frames. */
    interface Sink {

        /** A head that passed {@link MplexFrameCodec#check}; {@code length} bytes of data follow. */
        void onHead(int flag, long id, int length);

        /** Whether the data of the present frame matters; if not it is skipped. */
        boolean wantsData();

        /**
         * A piece of data.
         *
         * @param piece the sink's to release
         */
        void onData(ByteBuf piece);
    }

    private static final int MAX_LENGTH_BYTES = Varint.size(MplexFrameCodec.MAX_LENGTH);

    private final Sink sink;
    /** The varint being read, and how many bytes of it are there. */
    private long value;

    private int valueBytes;
    private long head;
    /** Whether the head's first half is there, and the length is being read. */
    private boolean inLength;
    /** How many bytes of the present frame's data are missing. */
    private int missing;

    private boolean stopped;

    MplexFrameReader(Sink sink) {
        this.sink = sink;
    }

    /** Nothing is read any more, not even the rest of the buffer that is being read. */
    void stop() {
        stopped = true;
    }

    /**
     * Reads all of {@code in} and releases it.
     *
     * @throws ProtocolViolationException for bytes that are no frame; nothing can be read after that
     */
    void read(ByteBuf in) {
        ByteBuf owned = in;
        try {
            while (!stopped && in.isReadable()) {
                if (missing == 0) {
                    onHeadByte(in.readByte());
                } else if (!sink.wantsData()) {
                    int bytes = Math.min(missing, in.readableBytes());
                    in.skipBytes(bytes);
                    missing -= bytes;
                } else if (in.readableBytes() <= missing) {
                    // The rest of the buffer is data: it goes up as it is.
                    owned = null;
                    missing -= in.readableBytes();
                    sink.onData(in);
                    return;
                } else {
                    int bytes = missing;
                    missing = 0;
                    sink.onData(in.readRetainedSlice(bytes));
                }
            }
        } finally {
            if (owned != null) {
                owned.release();
            }
        }
    }

    private void onHeadByte(byte group) {
        value |= (long) (group & 0x7f) << (7 * valueBytes);
        valueBytes++;
        if (group < 0) {
            requireMore();
            return;
        }
        if (group == 0 && valueBytes > 1) {
            throw new ProtocolViolationException("mplex: a varint is not in its shortest form");
        }
        long complete = value;
        value = 0;
        valueBytes = 0;
        if (inLength) {
            inLength = false;
            onHead(complete);
        } else {
            inLength = true;
            head = complete;
        }
    }

    private void requireMore() {
        if (inLength && valueBytes == MAX_LENGTH_BYTES) {
            throw new ProtocolViolationException(
                    "mplex: a frame is announced with more than " + MplexFrameCodec.MAX_LENGTH + " bytes of data");
        }
        if (valueBytes == Varint.MAX_BYTES) {
            throw new ProtocolViolationException("mplex: a varint does not end within " + Varint.MAX_BYTES + " bytes");
        }
    }

    private void onHead(long length) {
        if (length > MplexFrameCodec.MAX_LENGTH) {
            throw new ProtocolViolationException("mplex: a frame is announced with " + length
                    + " bytes of data, at most " + MplexFrameCodec.MAX_LENGTH + " are accepted");
        }
        int flag = (int) head & MplexFrameCodec.FLAG_MASK;
        long id = head >>> MplexFrameCodec.FLAG_BITS;
        MplexFrameCodec.check(flag, id, (int) length);
        missing = (int) length;
        sink.onHead(flag, id, (int) length);
    }
}
