package io.reactivep2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VarintTest {

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                127,
                128,
                255,
                16_383,
                16_384,
                (1L << 21) - 1,
                1L << 21,
                (1L << 28) - 1,
                1L << 28,
                1L << 35,
                1L << 42,
                1L << 49,
                (1L << 56) - 1,
                1L << 56,
                Long.MAX_VALUE
            })
    void whatIsWrittenIsRead(long value) {
        ByteBuf buffer = Unpooled.buffer();
        Varint.write(value, buffer);
        byte[] bytes = new byte[Varint.MAX_BYTES + 2];
        int end = Varint.write(value, bytes, 1);

        assertThat(buffer.readableBytes()).isEqualTo(Varint.size(value)).isEqualTo(end - 1);
        assertThat(Varint.read(bytes, 1, end)).isEqualTo(value);
        assertThat(Varint.read(buffer)).isEqualTo(value);
        assertThat(buffer.isReadable()).isFalse();
    }

    @Test
    void atEverySplitPointTryReadAsksForMoreAndMovesNothing() {
        byte[] bytes = Varint.toBytes(Long.MAX_VALUE);
        for (int available = 0; available < bytes.length; available++) {
            ByteBuf in = Unpooled.wrappedBuffer(bytes, 0, available);
            assertThat(Varint.tryRead(in)).isEqualTo(-1);
            assertThat(in.readerIndex()).isZero();
        }
        assertThat(Varint.tryRead(Unpooled.wrappedBuffer(bytes))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatFollowsIsLeftAlone() {
        ByteBuf in = Unpooled.wrappedBuffer(new byte[] {(byte) 0xac, 0x02, 0x55});
        assertThat(Varint.tryRead(in)).isEqualTo(300);
        assertThat(in.readableBytes()).isEqualTo(1);
    }

    @Test
    void aTenthByteIsRefusedBeforeItArrives() {
        ByteBuf nine = Unpooled.buffer();
        for (int i = 0; i < 9; i++) {
            nine.writeByte(0xff);
        }
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> Varint.tryRead(nine));
        assertThat(nine.readerIndex()).isZero();
    }

    @Test
    void aLongerFormThanNeededIsRefusedByTryReadToo() {
        ByteBuf in = Unpooled.wrappedBuffer(new byte[] {(byte) 0x81, 0x00});
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> Varint.tryRead(in));
    }

    @Test
    void aNegativeValueIsNotWritten() {
        ByteBuf out = Unpooled.buffer();
        assertThatIllegalArgumentException().isThrownBy(() -> Varint.write(-1, out));
        assertThatIllegalArgumentException().isThrownBy(() -> Varint.size(Long.MIN_VALUE));
        assertThat(out.isReadable()).isFalse();
    }
}
