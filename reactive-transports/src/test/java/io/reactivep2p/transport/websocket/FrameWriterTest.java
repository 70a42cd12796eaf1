package io.reactivep2p.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameWriterTest {

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final FrameWriter server = new FrameWriter(allocator, null);
    private final FrameWriter client = new FrameWriter(allocator, new MaskingKeys(new SecureRandom()));

    @Test
    void aServersFrameIsAsInTheStandard() {
        assertThat(hex(server.data(Unpooled.copiedBuffer(new byte[] {'H', 'e', 'l', 'l', 'o'}), 5)))
                .isEqualTo("820548656c6c6f");
        assertThat(hex(server.header(125))).isEqualTo("827d");
        assertThat(hex(server.header(126))).isEqualTo("827e007e");
        assertThat(hex(server.header(65_535))).isEqualTo("827effff");
        assertThat(hex(server.header(65_536))).isEqualTo("827f0000000000010000");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 125, 126, 4_000, 65_535, 65_536, 90_000})
    void whatEitherEndWritesTheOtherReads(int length) {
        byte[] payload = new byte[length];
        new Random(length).nextBytes(payload);
        for (FrameWriter writer : new FrameWriter[] {server, client}) {
            ByteBuf source = Unpooled.copiedBuffer(payload);
            ByteBuf frame = writer.data(source, length);
            assertThat(source.isReadable()).isFalse();
            FrameReaderTest.Read read = new FrameReaderTest.Read(writer.isMasking());
            read.take(ByteBufUtil.getBytes(frame));
            assertThat(read.data.toByteArray()).isEqualTo(payload);
            assertThat(ByteBufUtil.getBytes(source, 0, length))
                    .as("the source is anybody's")
                    .isEqualTo(payload);
            frame.release();
        }
    }

    @Test
    void maskingIsExclusiveOrWithTheKeyWhateverHoldsTheBytes() {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            byte[] bytes = new byte[random.nextInt(70)];
            random.nextBytes(bytes);
            int key = random.nextInt();
            byte[] expected = bytes.clone();
            for (int i = 0; i < expected.length; i++) {
                expected[i] ^= (byte) (key >>> 8 * (3 - i % 4));
            }
            for (ByteBuf buffer : new ByteBuf[] {
                Unpooled.copiedBuffer(bytes),
                allocator.directBuffer(80).writeZero(3).writeBytes(bytes).skipBytes(3),
                pieces(bytes)
            }) {
                int cut = random.nextInt(bytes.length + 1);
                int at = buffer.readerIndex();
                Masking.apply(buffer, at, cut, key);
                Masking.apply(buffer, at + cut, bytes.length - cut, Masking.after(key, cut));
                assertThat(ByteBufUtil.getBytes(buffer)).isEqualTo(expected);

                ByteBuf target = allocator.directBuffer(100).writeZero(round % 9);
                Masking.copy(buffer, at, bytes.length, key, target);
                assertThat(ByteBufUtil.getBytes(target.skipBytes(round % 9))).isEqualTo(bytes);
                target.release();
                buffer.release();
            }
        }
    }

    @Test
    void masksAreNotRepeated() {
        MaskingKeys keys = new MaskingKeys(new SecureRandom());
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            seen.add(keys.next());
        }
        assertThat(seen).hasSizeGreaterThan(195);
    }

    /** CVE-2020-36443 is a buffer whose old content went out: what is written is what is sent, to the byte. */
    @Test
    void cve_2020_36443_aFrameHasNothingBehindItsPayload() {
        byte[] old = new byte[4_096];
        Arrays.fill(old, (byte) 0x5A);
        allocator.directBuffer(4_096).writeBytes(old).release();
        ByteBuf frame = client.data(Unpooled.copiedBuffer(new byte[300]), 300);
        assertThat(frame.readableBytes()).isEqualTo(2 + 2 + 4 + 300);
        ByteBuf control = client.control(Opcode.CLOSE, Unpooled.copiedBuffer(new byte[] {3, (byte) 0xE8}));
        assertThat(control.readableBytes()).isEqualTo(2 + 4 + 2);
        frame.release();
        control.release();
    }

    private CompositeByteBuf pieces(byte[] bytes) {
        CompositeByteBuf composite = allocator.compositeBuffer();
        int half = bytes.length / 2;
        composite.addComponent(true, Unpooled.copiedBuffer(bytes, 0, half));
        composite.addComponent(true, Unpooled.copiedBuffer(bytes, half, bytes.length - half));
        return composite;
    }

    private static String hex(ByteBuf frame) {
        try {
            return ByteBufUtil.hexDump(frame);
        } finally {
            frame.release();
        }
    }
}
