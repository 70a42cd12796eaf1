package io.reactivep2p.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;

/** No messages at all: bytes as they come. */
final class BytesCodec implements MessageCodec<byte[]> {

    static final BytesCodec INSTANCE = new BytesCodec();

    private BytesCodec() {}

    @Override
    public void encode(byte[] message, ByteBuf out) {
        out.writeBytes(message);
    }

    @Override
    public Decoder<byte[]> decoder() {
        return new ChunkDecoder();
    }

    private static final class ChunkDecoder extends FrameDecoder<byte[]> {

        @Override
        void step(ByteBuf in, List<? super byte[]> out) {
            out.add(ByteBufUtil.getBytes(in.readSlice(in.readableBytes())));
        }

        @Override
        void atEnd(List<? super byte[]> out) {}
    }
}
