package io.reactivep2p.muxer.yamux;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.SansIo;

/**
 * Takes a byte stream apart, however it is cut: a header is gathered over as many buffers as it takes, payload is passed on piece by
 * piece as slices of what arrived. Nothing is accumulated, so a frame's length costs no memory; it is the sink that judges it, on the
 * header, before the first byte of payload.
 */
@SansIo
final class FrameReader {

    /** Who hears of the frames. */
    interface Sink {

        /** A header that passed {@link YamuxFrameCodec#check}; of Data, {@code length} bytes of payload follow. */
        void onHeader(long head, int length) throws YamuxException;

        /** Whether the payload of the present frame matters; if not it is skipped. */
        boolean wantsPayload();

        /**
         * A piece of payload.
         *
         * @param piece the sink's to release
         */
        void onPayload(ByteBuf piece) throws YamuxException;

        /** The present frame's payload, which was not empty, is complete. */
        void onPayloadEnd();
    }

    private final Sink sink;
    private long head;
    private int length;
    /** How many bytes of the present header are there. */
    private int headerBytes;
    /** How many bytes of the present payload are missing. */
    private long missing;

    private boolean stopped;

    FrameReader(Sink sink) {
        this.sink = sink;
    }

    /** Nothing is read any more, not even the rest of the buffer that is being read. */
    void stop() {
        stopped = true;
    }

    /** Reads all of {@code in} and releases it. */
    void read(ByteBuf in) throws YamuxException {
        ByteBuf owned = in;
        try {
            while (!stopped && in.isReadable()) {
                if (missing == 0) {
                    if (readHeader(in)) {
                        onHeader();
                    }
                } else if (!sink.wantsPayload()) {
                    int bytes = (int) Math.min(missing, in.readableBytes());
                    in.skipBytes(bytes);
                    advance(bytes);
                } else if (in.readableBytes() <= missing) {
                    // The rest of the buffer is payload: it goes up as it is.
                    owned = null;
                    int bytes = in.readableBytes();
                    sink.onPayload(in);
                    advance(bytes);
                    return;
                } else {
                    int bytes = (int) missing;
                    sink.onPayload(in.readRetainedSlice(bytes));
                    advance(bytes);
                }
            }
        } finally {
            if (owned != null) {
                owned.release();
            }
        }
    }

    private void advance(int bytes) {
        missing -= bytes;
        if (missing == 0) {
            sink.onPayloadEnd();
        }
    }

    private void onHeader() throws YamuxException {
        headerBytes = 0;
        YamuxFrameCodec.check(head, length);
        if (YamuxFrameCodec.type(head) == YamuxFrameCodec.DATA) {
            missing = length & 0xFFFF_FFFFL;
        }
        sink.onHeader(head, length);
    }

    private boolean readHeader(ByteBuf in) {
        if (headerBytes == 0 && in.readableBytes() >= YamuxFrameCodec.HEADER_BYTES) {
            head = in.readLong();
            length = in.readInt();
            return true;
        }
        while (headerBytes < YamuxFrameCodec.HEADER_BYTES && in.isReadable()) {
            int octet = in.readUnsignedByte();
            if (headerBytes < 8) {
                head = (head << 8) | octet;
            } else {
                length = (length << 8) | octet;
            }
            headerBytes++;
        }
        return headerBytes == YamuxFrameCodec.HEADER_BYTES;
    }
}
