package io.reactivep2p.security.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.reactivep2p.connection.ProtocolViolationException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NoiseFrameReaderTest {

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final NoiseFrameReader reader = new NoiseFrameReader(allocator);
    private final byte[] target = new byte[NoiseFrames.MAX_LENGTH];

    @AfterEach
    void everythingIsReleased() {
        reader.close();
        reader.close();
        NoisePair.assertNothingLeaked(allocator);
    }

    @Test
    void framesAreFoundAtEverySplitPoint() {
        byte[] stream = stream(new int[] {0, 1, 5, 0, 300, 2});
        for (int first = 0; first <= stream.length; first++) {
            for (int second : new int[] {first, first + 1, first + 2, stream.length - 1}) {
                if (second >= first && second <= stream.length) {
                    List<Integer> lengths = new ArrayList<>();
                    lengths.addAll(read(Arrays.copyOfRange(stream, 0, first)));
                    lengths.addAll(read(Arrays.copyOfRange(stream, first, second)));
                    lengths.addAll(read(Arrays.copyOfRange(stream, second, stream.length)));
                    assertThat(lengths).containsExactly(0, 1, 5, 0, 300, 2);
                }
            }
        }
        assertThat(reader.heldBytes()).isZero();
    }

    @Test
    void framesAreFoundInRandomChunks() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int[] sizes = random.ints(60, 0, NoiseFrames.MAX_LENGTH + 1).toArray();
        byte[] stream = stream(sizes);
        List<Integer> lengths = new ArrayList<>();
        for (int from = 0; from < stream.length; ) {
            int to = Math.min(stream.length, from + 1 + random.nextInt(random.nextBoolean() ? 100_000 : 3_000));
            lengths.addAll(read(Arrays.copyOfRange(stream, from, to)));
            from = to;
        }
        assertThat(lengths)
                .as("seed %d", seed)
                .containsExactlyElementsOf(Arrays.stream(sizes).boxed().toList());
    }

    @Test
    void aFrameOutsideTheHeapIsViewedWhereItArrived() {
        ByteBuf in = allocator.directBuffer().writeBytes(stream(new int[] {300}));
        ByteBuf gather = allocator.directBuffer(300, 300);
        assertThat(reader.next(in, 0, 300)).isEqualTo(300);
        ByteBuffer content = reader.view(in, 300, gather);
        in.setByte(NoiseFrames.HEADER_LENGTH, 0x77);
        assertThat(content.isDirect()).isTrue();
        assertThat(content.remaining()).isEqualTo(300);
        assertThat(content.get(content.position())).isEqualTo((byte) 0x77);
        assertThat(in.isReadable()).isFalse();
        in.release();
        gather.release();
    }

    @Test
    void aFrameInPiecesIsGatheredAtEverySplitPoint() {
        byte[] stream = stream(new int[] {40});
        ByteBuf gather = allocator.directBuffer(40, 40);
        for (boolean direct : new boolean[] {true, false}) {
            for (int split = 0; split <= stream.length; split++) {
                ByteBuf first = buffer(direct).writeBytes(stream, 0, split);
                ByteBuf rest = buffer(direct).writeBytes(stream, split, stream.length - split);
                int length = reader.next(first, 0, 40);
                ByteBuf last = length == NoiseFrameReader.INCOMPLETE ? rest : first;
                assertThat(length == NoiseFrameReader.INCOMPLETE ? reader.next(rest, 0, 40) : length)
                        .isEqualTo(40);
                byte[] content = new byte[40];
                reader.view(last, 40, gather).get(content);
                assertThat(content).as("split at %d", split).isEqualTo(Arrays.copyOfRange(stream, 2, 42));
                first.release();
                rest.release();
            }
        }
        gather.release();
    }

    private ByteBuf buffer(boolean direct) {
        return direct ? allocator.directBuffer(64) : allocator.heapBuffer(64);
    }

    @Test
    void nothingIsKeptBetweenFrames() {
        read(stream(new int[] {100, 200}));
        assertThat(reader.heldBytes()).isZero();
        NoisePair.assertNothingLeaked(allocator);
    }

    @Test
    void smallRestOfALargeBufferDoesNotPinIt() {
        ByteBuf large = allocator.directBuffer(65_536);
        large.writeBytes(stream(new int[] {1_000})).writeBytes(new byte[] {0});
        assertThat(reader.next(large, target, 0, NoiseFrames.MAX_LENGTH)).isEqualTo(1_000);
        assertThat(reader.next(large, target, 0, NoiseFrames.MAX_LENGTH)).isEqualTo(NoiseFrameReader.INCOMPLETE);
        large.release();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isLessThan(64);
    }

    @Test
    void announcedLengthAllocatesNothing() {
        read(new byte[] {(byte) 0xff, (byte) 0xff, 1});
        assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
                .isLessThan(64);
    }

    @Test
    void lengthsOutsideTheLimitsAreRefusedOnTheHeader() {
        for (int length : new int[] {0, 15, 101, 65_535}) {
            ByteBuf header = Unpooled.buffer().writeShort(length);
            assertThatThrownBy(() -> reader.next(header, target, 16, 100))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining(length + " bytes");
        }
        assertThat(reader.next(Unpooled.wrappedBuffer(stream(new int[] {16})), target, 16, 100))
                .isEqualTo(16);
        assertThat(reader.next(Unpooled.wrappedBuffer(stream(new int[] {100})), target, 16, 100))
                .isEqualTo(100);
    }

    /** Reads all there is, checks the contents and returns the lengths. */
    private List<Integer> read(byte[] bytes) {
        ByteBuf in = allocator.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
        List<Integer> lengths = new ArrayList<>();
        try {
            for (int length = reader.next(in, target, 0, NoiseFrames.MAX_LENGTH);
                    length != NoiseFrameReader.INCOMPLETE;
                    length = reader.next(in, target, 0, NoiseFrames.MAX_LENGTH)) {
                for (int i = 0; i < length; i++) {
                    if (target[i] != (byte) (length + i)) {
                        throw new AssertionError("byte " + i + " of a frame of " + length);
                    }
                }
                lengths.add(length);
            }
            assertThat(in.isReadable()).isFalse();
        } finally {
            in.release();
        }
        return lengths;
    }

    private static byte[] stream(int[] lengths) {
        ByteBuf stream = Unpooled.buffer();
        for (int length : lengths) {
            stream.writeShort(length);
            for (int i = 0; i < length; i++) {
                stream.writeByte(length + i);
            }
        }
        byte[] bytes = new byte[stream.readableBytes()];
        stream.readBytes(bytes);
        return bytes;
    }
}
