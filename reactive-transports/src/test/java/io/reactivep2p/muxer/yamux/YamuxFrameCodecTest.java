package io.reactivep2p.muxer.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class YamuxFrameCodecTest {

    @TestFactory
    Stream<DynamicTest> headersAreReadAndWrittenAsPublished() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (InputStream in = YamuxFrameCodecTest.class.getResourceAsStream("/vectors/yamux-headers.json")) {
            for (JsonNode vector : new ObjectMapper().readTree(in).get("vectors")) {
                tests.add(DynamicTest.dynamicTest(vector.get("id").asText(), () -> check(vector)));
            }
        }
        assertThat(tests).hasSizeGreaterThan(10);
        return tests.stream();
    }

    private static void check(JsonNode vector) {
        byte[] bytes = HexFormat.of().parseHex(vector.get("hex").asText());
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        long head = in.readLong();
        int length = in.readInt();
        if (vector.has("valid")) {
            assertThatThrownBy(() -> YamuxFrameCodec.check(head, length))
                    .isInstanceOfSatisfying(YamuxException.class, e -> {
                        assertThat(e.scope()).isEqualTo(YamuxException.Scope.CONNECTION);
                        assertThat(e.code()).isEqualTo(1);
                    });
            return;
        }
        YamuxFrameCodec.check(head, length);
        int flags = Arrays.stream(vector.get("flags").asText().split("\\|"))
                .mapToInt(flag ->
                        List.of("", "SYN", "ACK", "", "FIN", "", "", "", "RST").indexOf(flag))
                .sum();
        long id = vector.get("stream_id").asLong();
        long value = vector.get("length").asLong();
        YamuxFrame expected =
                switch (vector.get("type").asText()) {
                    case "Data" -> new YamuxFrame.Data(flags, id, value);
                    case "WindowUpdate" -> new YamuxFrame.WindowUpdate(flags, id, value);
                    case "Ping" -> new YamuxFrame.Ping(flags, value);
                    case "GoAway" -> new YamuxFrame.GoAway(flags, value);
                    default -> throw new AssertionError(vector);
                };
        assertThat(YamuxFrameCodec.frame(head, length)).isEqualTo(expected);
        ByteBuf out = Unpooled.buffer();
        YamuxFrameCodec.write(out, expected);
        assertThat(HexFormat.of().formatHex(out.array(), 0, out.writerIndex()))
                .isEqualTo(vector.get("hex").asText());
    }

    /** What a reader tells, in order. */
    private static final class Recorder implements FrameReader.Sink {
        final List<YamuxFrame> frames = new ArrayList<>();
        final StringBuilder payload = new StringBuilder();
        int ends;
        boolean wants = true;

        @Override
        public void onHeader(long head, int length) {
            frames.add(YamuxFrameCodec.frame(head, length));
        }

        @Override
        public boolean wantsPayload() {
            return wants;
        }

        @Override
        public void onPayload(ByteBuf piece) {
            while (piece.isReadable()) {
                payload.append((char) piece.readByte());
            }
            piece.release();
        }

        @Override
        public void onPayloadEnd() {
            ends++;
            payload.append('|');
        }
    }

    private static byte[] conversation() {
        ByteBuf out = Unpooled.buffer();
        YamuxFrameCodec.write(out, new YamuxFrame.Data(1, 1, 5));
        out.writeBytes("hello".getBytes());
        YamuxFrameCodec.write(out, new YamuxFrame.Ping(1, 0xdeadbeefL));
        YamuxFrameCodec.write(out, new YamuxFrame.Data(0, 1, 0));
        YamuxFrameCodec.write(out, new YamuxFrame.Data(4, 0xFFFFFFFDL, 3));
        out.writeBytes("bye".getBytes());
        YamuxFrameCodec.write(out, new YamuxFrame.GoAway(0, 0));
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    @Test
    void everyWayToCutTheBytesReadsTheSame() {
        byte[] bytes = conversation();
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second++) {
                Recorder recorder = new Recorder();
                FrameReader reader = new FrameReader(recorder);
                reader.read(Unpooled.copiedBuffer(bytes, 0, first));
                reader.read(Unpooled.copiedBuffer(bytes, first, second - first));
                reader.read(Unpooled.copiedBuffer(bytes, second, bytes.length - second));
                assertThat(recorder.frames).hasSize(5).first().isEqualTo(new YamuxFrame.Data(1, 1, 5));
                assertThat(recorder.payload).hasToString("hello|bye|");
                assertThat(recorder.ends).isEqualTo(2);
            }
        }
    }

    @Test
    void payloadThatNobodyWantsIsSkipped() {
        Recorder recorder = new Recorder();
        recorder.wants = false;
        FrameReader reader = new FrameReader(recorder);
        for (byte octet : conversation()) {
            reader.read(Unpooled.wrappedBuffer(new byte[] {octet}));
        }
        assertThat(recorder.payload).hasToString("||");
        assertThat(recorder.frames).hasSize(5);
    }

    @Test
    void everyBufferIsReleasedWhateverTheBytes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(60)];
            random.nextBytes(bytes);
            for (int at = 0; at + 12 <= bytes.length; at += 12) {
                bytes[at] = 0;
                bytes[at + 1] = (byte) random.nextInt(5);
                bytes[at + 8] = 0;
                bytes[at + 9] = 0;
                bytes[at + 10] = 0;
            }
            ByteBuf in = Unpooled.wrappedBuffer(bytes);
            try {
                new FrameReader(new Recorder()).read(in);
            } catch (YamuxException expected) {
                assertThat(expected).hasMessageContaining(" ");
            }
            assertThat(in.refCnt()).as("seed %d round %d", seed, i).isZero();
        }
    }
}
