package io.reactivep2p.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;

/** Messages that all have the same length and no frame. */
final class FixedCodec implements MessageCodec<byte[]> {

    private final int length;

    FixedCodec(int length) {
        if (length < 1) {
            throw new IllegalArgumentException("length is " + length + ", expected 1 or more");
        }
        this.length = length;
    }

    @Override
    public void encode(byte[] message, ByteBuf out) {
        if (message.length != length) {
            throw new MalformedMessageException("message of " + message.length + " bytes; expected " + length);
        }
        out.writeBytes(message);
    }

    @Override
    public Decoder<byte[]> decoder() {
        return new FixedDecoder(length);
    }

    private static final class FixedDecoder extends FrameDecoder<byte[]> {

        private final int length;

        FixedDecoder(int length) {
            this.length = length;
        }

        @Override
        void step(ByteBuf in, List<? super byte[]> out) {
            if (kept() == 0 && in.readableBytes() >= length) {
                out.add(ByteBufUtil.getBytes(in.readSlice(length)));
                return;
            }
            keep(in, Math.min(in.readableBytes(), length - kept()), length);
            if (kept() == length) {
                out.add(ByteBufUtil.getBytes(keptBytes()));
                drop();
            }
        }

        @Override
        void atEnd(List<? super byte[]> out) {
            if (kept() > 0) {
                throw new MalformedMessageException(
                        "the stream ended after " + kept() + " of " + length + " bytes of a message");
            }
        }
    }
}
