package io.reactivep2p.muxer.mplex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.multiformats.Varint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MplexFrameReaderTest {

    /** What a reader told, as text: heads by their names, data in brackets. */
    private static final class Told implements MplexFrameReader.Sink {

        final List<String> frames = new ArrayList<>();
        final StringBuilder data = new StringBuilder();
        boolean wanting = true;
        final MplexFrameReader reader = new MplexFrameReader(this);

        @Override
        public void onHead(int flag, long id, int length) {
            frames.add(new MplexFrame(flag, id, length).toString());
        }

        @Override
        public boolean wantsData() {
            return wanting;
        }

        @Override
        public void onData(ByteBuf piece) {
            data.append(HexFormat.of().formatHex(bytes(piece)));
            piece.release();
        }

        Told read(byte[] bytes, int from, int to) {
            ByteBuf in = Unpooled.buffer(1 + to - from).writeBytes(bytes, from, to - from);
            try {
                reader.read(in);
            } finally {
                assertThat(in.refCnt()).isZero();
            }
            return this;
        }

        Told read(String hex) {
            byte[] bytes = HexFormat.of().parseHex(hex);
            return read(bytes, 0, bytes.length);
        }
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), bytes);
        return bytes;
    }

    private static byte[] frame(int flag, long id, byte[] data) {
        ByteBuf out = Unpooled.buffer();
        MplexFrameCodec.write(flag, id, data.length, out);
        return bytes(out.writeBytes(data));
    }

    /** The vectors frames-035 to frames-038, computed from the specification; and go-mplex's first frames. */
    @ParameterizedTest
    @CsvSource({
        "000130, 'NewStream of stream 0, 1 bytes', 30, 0, 0",
        "e31200, 'CloseReceiver of stream 300, 0 bytes', '', 3, 300",
        "0e00, 'ResetInitiator of stream 1, 0 bytes', '', 6, 1",
        "0a03616263, 'MessageInitiator of stream 1, 3 bytes', 616263, 2, 1",
        "0901ff, 'MessageReceiver of stream 1, 1 bytes', ff, 1, 1",
    })
    void theVectorsAreReadAndWritten(String hex, String head, String data, int flag, long id) {
        Told told = new Told().read(hex);
        assertThat(told.frames).containsExactly(head);
        assertThat(told.data).hasToString(data);
        assertThat(HexFormat.of().formatHex(frame(flag, id, HexFormat.of().parseHex(data))))
                .isEqualTo(hex);
    }

    @Test
    void framesMayBeCutAnywhere() {
        ByteBuf all = Unpooled.buffer();
        all.writeBytes(frame(0, 300, MplexFrameCodec.name(300)));
        all.writeBytes(frame(2, 300, new byte[200]));
        all.writeBytes(frame(1, MplexFrameCodec.MAX_ID, new byte[] {1, 2}));
        all.writeBytes(frame(4, 300, new byte[0]));
        byte[] bytes = bytes(all);
        Told whole = new Told().read(bytes, 0, bytes.length);
        assertThat(whole.frames).hasSize(4);
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second += 7) {
                Told cut = new Told()
                        .read(bytes, 0, first)
                        .read(bytes, first, second)
                        .read(bytes, second, bytes.length);
                assertThat(cut.frames).isEqualTo(whole.frames);
                assertThat(cut.data).hasToString(whole.data.toString());
            }
        }
    }

    @Test
    void dataThatNobodyWantsIsSkipped() {
        Told told = new Told();
        told.wanting = false;
        told.read("0a03616263" + "0b00");
        assertThat(told.data).isEmpty();
        assertThat(told.frames)
                .containsExactly("MessageInitiator of stream 1, 3 bytes", "CloseReceiver of stream 1, 0 bytes");
    }

    @Test
    void aFrameMayHaveOneMebibyte() {
        byte[] frame = frame(2, 1, new byte[MplexFrameCodec.MAX_LENGTH]);
        Told told = new Told().read(frame, 0, frame.length);
        assertThat(told.data).hasSize(2 * MplexFrameCodec.MAX_LENGTH);
        assertThat(told.frames).containsExactly("MessageInitiator of stream 1, 1048576 bytes");
    }

    @Test
    void aLongerFrameIsRefusedOnItsLength() {
        byte[] length = Varint.toBytes(MplexFrameCodec.MAX_LENGTH + 1);
        refused("0a" + HexFormat.of().formatHex(length), "1048577 bytes");
        refused("0affffff", "more than 1048576 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "0f00, no known kind",
        "0b01, data in a frame that has none",
        "0e05, data in a frame that has none",
        "8000, shortest form",
        "0a8000, shortest form",
        "ffffffffffffffffff, does not end within 9 bytes",
    })
    void whatIsNoFrameIsRefusedAtItsFirstWrongByte(String hex, String why) {
        refused(hex, why);
    }

    private static void refused(String hex, String why) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        Told told = new Told().read(bytes, 0, bytes.length - 1);
        assertThatExceptionOfType(ProtocolViolationException.class)
                .isThrownBy(() -> told.read(bytes, bytes.length - 1, bytes.length))
                .withMessageStartingWith("mplex: ")
                .withMessageContaining(why);
        assertThat(told.frames).isEmpty();
    }

    @Test
    void idsHaveSixtyBits() {
        byte[] frame = frame(5, MplexFrameCodec.MAX_ID, new byte[0]);
        assertThat(frame).hasSize(Varint.MAX_BYTES + 1);
        assertThat(new Told().read(frame, 0, frame.length).frames)
                .containsExactly("ResetReceiver of stream 1152921504606846975, 0 bytes");
    }

    @Test
    void aStoppedReaderReadsNoMore() {
        Told told = new Told();
        told.reader.stop();
        told.read("000130");
        assertThat(told.frames).isEmpty();
    }

    @Test
    void theLongestFrameWeSendFillsANoiseFrame() {
        byte[] frame = frame(2, MplexFrameCodec.MAX_ID, new byte[MplexFrameCodec.MAX_PAYLOAD]);
        assertThat(frame.length).isEqualTo(65_519);
        assertThat(Arrays.copyOf(frame, 9)).doesNotContain(0);
    }
}
