package io.reactivep2p.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.reactivep2p.testing.Rounds;
import io.reactivep2p.testing.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LengthPrefixedTest {

    private static final int MAX = 300;

    private static final MessageCodec<String> TEXT = Codecs.lengthPrefixed(
            MAX,
            (message, out) -> out.writeCharSequence(message, StandardCharsets.UTF_8),
            in -> in.toString(StandardCharsets.UTF_8));

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @TestFactory
    Stream<DynamicTest> publishedFramesPassAtEverySplitPoint() {
        return Vectors.tests("frames.json", vector -> {
            if (vector.get("message").asText().startsWith("mplex")) {
                return; // no length in front
            }
            byte[] frame = Vectors.bytes(vector, "hex");
            MessageCodec<byte[]> codec = Codecs.lengthPrefixed(4096);
            try (CodecHarness harness = new CodecHarness(false)) {
                for (int cut = 0; cut <= frame.length; cut++) {
                    List<byte[]> messages = harness.decode(codec, frame, cut);
                    assertThat(messages).hasSize(1);
                    assertThat(harness.encode(codec, messages)).isEqualTo(frame);
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void messagesOfEveryLengthSurviveEverySplitPoint(boolean direct) {
        List<String> messages = List.of("", "a", "b".repeat(127), "c".repeat(128), "", "d".repeat(MAX));
        try (CodecHarness harness = new CodecHarness(direct)) {
            byte[] bytes = harness.encode(TEXT, messages);
            assertThat(harness.decode(TEXT, bytes)).isEqualTo(messages);
            for (int cut = 0; cut <= bytes.length; cut++) {
                assertThat(harness.decode(TEXT, bytes, cut))
                        .as("cut at %d", cut)
                        .isEqualTo(messages);
            }
            int[] everywhere = java.util.stream.IntStream.range(0, bytes.length).toArray();
            assertThat(harness.decode(TEXT, bytes, everywhere)).isEqualTo(messages);
        }
    }

    @Test
    void randomMessagesSurviveRandomSplitPoints() {
        Rounds.of(300, random -> {
            int max = 1 + random.nextInt(1 << random.nextInt(16));
            MessageCodec<byte[]> codec = Codecs.lengthPrefixed(max);
            List<byte[]> messages = Stream.generate(() -> Rounds.bytes(random, max))
                    .limit(random.nextInt(6))
                    .toList();
            try (CodecHarness harness = new CodecHarness(random.nextBoolean())) {
                byte[] bytes = harness.encode(codec, messages);
                int[] cuts = random.ints(random.nextInt(8), 0, bytes.length + 1)
                        .sorted()
                        .toArray();
                assertThat(harness.decode(codec, bytes, cuts).toArray(byte[][]::new))
                        .isDeepEqualTo(messages.toArray(byte[][]::new));
            }
        });
    }

    @Test
    void aLengthOverTheLimitIsRefusedBeforeABodyIsAllocated() {
        for (String prefix : List.of("ad02", "ffffffff07", "ffffffffffffffff7f", "808001")) {
            try (CodecHarness harness = new CodecHarness(false)) {
                assertThatExceptionOfType(MalformedMessageException.class)
                        .isThrownBy(() -> harness.decode(TEXT, hex(prefix)))
                        .withMessageContaining("at most 300 bytes");
            }
        }
    }

    @Test
    void aLengthThatCannotBecomeShortEnoughIsRefusedBeforeItsEnd() {
        try (CodecHarness harness = new CodecHarness(false);
                MessageCodec.Decoder<String> decoder = TEXT.decoder()) {
            List<String> out = new ArrayList<>();
            harness.feed(decoder, hex("ff"), out);
            assertThatExceptionOfType(MalformedMessageException.class)
                    .isThrownBy(() -> harness.feed(decoder, hex("80"), out));
        }
    }

    @Test
    void lengthsAreInTheirShortestForm() {
        try (CodecHarness harness = new CodecHarness(false)) {
            for (String prefix : List.of("8000", "810061", "8100")) {
                assertThatExceptionOfType(MalformedMessageException.class)
                        .isThrownBy(() -> harness.decode(TEXT, hex(prefix)))
                        .withMessageContaining("shortest form");
            }
        }
    }

    @Test
    void whatIsKeptGrowsWithWhatCameAndIsFreedOnClose() {
        int max = 16 << 20;
        MessageCodec<byte[]> codec = Codecs.lengthPrefixed(max);
        try (CodecHarness harness = new CodecHarness(false)) {
            MessageCodec.Decoder<byte[]> decoder = codec.decoder();
            List<byte[]> out = new ArrayList<>();
            harness.feed(decoder, hex("80808008"), out); // 16 MiB are promised
            assertThat(harness.used()).isZero();
            harness.feed(decoder, new byte[100], out);
            assertThat(harness.used()).isBetween(100L, 1024L);
            harness.feed(decoder, new byte[100_000], out);
            assertThat(harness.used()).isBetween(100_100L, 300_000L);
            decoder.close();
            decoder.close();
            assertThat(harness.used()).isZero();
        }
    }

    @Test
    void nothingIsKeptBetweenMessages() {
        try (CodecHarness harness = new CodecHarness(false);
                MessageCodec.Decoder<String> decoder = TEXT.decoder()) {
            List<String> out = new ArrayList<>();
            harness.feed(decoder, hex("0361"), out);
            assertThat(harness.used()).isPositive();
            harness.feed(decoder, hex("6263"), out);
            assertThat(harness.used()).isZero();
            assertThat(out).containsExactly("abc");
        }
    }

    @Test
    void aStreamThatEndsInsideAMessageIsAnError() {
        byte[] bytes = new byte[202];
        Arrays.fill(bytes, (byte) 'x');
        bytes[0] = (byte) 0xc8;
        bytes[1] = 1;
        try (CodecHarness harness = new CodecHarness(false)) {
            assertThat(harness.decode(TEXT, new byte[0])).isEmpty();
            assertThat(harness.decode(TEXT, bytes)).hasSize(1);
            for (int end = 1; end < bytes.length; end++) {
                byte[] cut = Arrays.copyOf(bytes, end);
                assertThatExceptionOfType(MalformedMessageException.class)
                        .isThrownBy(() -> harness.decode(TEXT, cut))
                        .withMessageContaining("ended");
            }
        }
    }

    @Test
    void messagesBeforeAMalformedOneAreDeliveredAndTheDecoderIsOver() {
        try (CodecHarness harness = new CodecHarness(false);
                MessageCodec.Decoder<String> decoder = TEXT.decoder()) {
            List<String> out = new ArrayList<>();
            ByteBuf in = harness.buffer(hex("0161" + "0162" + "ffff7f"));
            assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> decoder.decode(in, out));
            assertThat(in.refCnt()).isEqualTo(1);
            in.release();
            assertThat(out).containsExactly("a", "b");
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> decoder.decode(Unpooled.EMPTY_BUFFER, out));
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> decoder.end(out));
        }
    }

    @Test
    void aBodyThatItsReaderRefusesIsAMalformedMessage() {
        MessageCodec<Integer> numbers =
                Codecs.lengthPrefixed(8, (number, out) -> out.writeInt(number), ByteBuf::readInt);
        try (CodecHarness harness = new CodecHarness(false)) {
            assertThat(harness.decode(numbers, hex("0400000007"))).containsExactly(7);
            for (int cut = 0; cut <= 3; cut++) {
                int at = cut;
                assertThatExceptionOfType(MalformedMessageException.class)
                        .isThrownBy(() -> harness.decode(numbers, hex("020007"), at))
                        .withCauseInstanceOf(IndexOutOfBoundsException.class);
            }
        }
    }

    @Test
    void aMessageThatNobodyWouldReadIsNotWritten() {
        try (CodecHarness harness = new CodecHarness(true)) {
            ByteBuf out = harness.buffer(hex("aabb"));
            assertThatExceptionOfType(MalformedMessageException.class)
                    .isThrownBy(() -> TEXT.encode("x".repeat(MAX + 1), out))
                    .withMessageContaining("301 bytes");
            MessageCodec<String> failing = Codecs.lengthPrefixed(
                    MAX,
                    (message, body) -> {
                        body.writeByte(1);
                        throw new IllegalArgumentException("refused");
                    },
                    in -> "");
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> failing.encode("", out));
            assertThat(ByteBufUtil.hexDump(out)).isEqualTo("aabb");
            out.release();
        }
    }

    @Test
    void aMaximumOfZeroAllowsEmptyMessagesOnly() {
        MessageCodec<byte[]> codec = Codecs.lengthPrefixed(0);
        try (CodecHarness harness = new CodecHarness(false)) {
            assertThat(harness.decode(codec, new byte[3])).hasSize(3);
            assertThatExceptionOfType(MalformedMessageException.class)
                    .isThrownBy(() -> harness.decode(codec, hex("01")));
        }
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> Codecs.lengthPrefixed(-1));
    }
}
