package io.reactivep2p.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An allocator of the test's own, so that every byte which a codec does not free shows. */
final class CodecHarness implements AutoCloseable {

    private final UnpooledByteBufAllocator allocator;
    private final boolean direct;

    CodecHarness(boolean direct) {
        // Without the cleaner, so that the metric of direct memory is exact.
        this.allocator = new UnpooledByteBufAllocator(direct, false, true);
        this.direct = direct;
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    ByteBuf buffer(byte[] bytes) {
        return (direct ? allocator.directBuffer(Math.max(1, bytes.length)) : allocator.heapBuffer(bytes.length))
                .writeBytes(bytes);
    }

    long used() {
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }

    <T> byte[] encode(MessageCodec<T> codec, List<? extends T> messages) {
        ByteBuf out = buffer(new byte[0]);
        try {
            messages.forEach(message -> codec.encode(message, out));
            byte[] bytes = new byte[out.readableBytes()];
            out.readBytes(bytes);
            return bytes;
        } finally {
            out.release();
        }
    }

    /** Decodes what stands between the cuts piece by piece, then the end. */
    <T> List<T> decode(MessageCodec<T> codec, byte[] bytes, int... cuts) {
        List<T> out = new ArrayList<>();
        try (MessageCodec.Decoder<T> decoder = codec.decoder()) {
            int from = 0;
            for (int cut : cuts) {
                feed(decoder, Arrays.copyOfRange(bytes, from, cut), out);
                from = cut;
            }
            feed(decoder, Arrays.copyOfRange(bytes, from, bytes.length), out);
            decoder.end(out);
        }
        return out;
    }

    <T> void feed(MessageCodec.Decoder<T> decoder, byte[] bytes, List<? super T> out) {
        ByteBuf in = buffer(bytes);
        try {
            decoder.decode(in, out);
            assertThat(in.readableBytes()).isZero();
        } finally {
            assertThat(in.refCnt()).isEqualTo(1);
            in.release();
        }
    }

    @Override
    public void close() {
        assertThat(used()).as("bytes that were not freed").isZero();
    }
}
