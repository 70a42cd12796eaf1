package io.reactivep2p.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnprefixedCodecsTest {

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void linesSurviveEverySplitPointEvenInsideACharacter(boolean direct) {
        List<String> lines = List.of("one", "", "zwölf €", "\r", "a\tb 🦊");
        MessageCodec<String> codec = Codecs.lines(16);
        try (CodecHarness harness = new CodecHarness(direct)) {
            byte[] bytes = harness.encode(codec, lines);
            assertThat(bytes).isEqualTo(utf8(String.join("\n", lines) + "\n"));
            for (int cut = 0; cut <= bytes.length; cut++) {
                for (int second = cut; second <= bytes.length; second++) {
                    assertThat(harness.decode(codec, bytes, cut, second)).isEqualTo(lines);
                }
            }
        }
    }

    @Test
    void theEndOfTheStreamEndsALine() {
        try (CodecHarness harness = new CodecHarness(false)) {
            assertThat(harness.decode(Codecs.lines(), utf8("a\nb"))).containsExactly("a", "b");
            assertThat(harness.decode(Codecs.lines(), utf8("a\n"))).containsExactly("a");
            assertThat(harness.decode(Codecs.lines(), utf8(""))).isEmpty();
        }
    }

    @Test
    void aLineOverTheLimitIsRefusedWhetherItsEndWasSeenOrNot() {
        MessageCodec<String> codec = Codecs.lines(3);
        try (CodecHarness harness = new CodecHarness(false)) {
            assertThat(harness.decode(codec, utf8("abc\nabc"), 2)).containsExactly("abc", "abc");
            for (String text : List.of("abcd", "abcd\n", "ab\nabcd\n", "€€\n")) {
                for (int cut = 0; cut < text.length(); cut++) {
                    int at = cut;
                    assertThatExceptionOfType(MalformedMessageException.class)
                            .isThrownBy(() -> harness.decode(codec, utf8(text), at))
                            .withMessageContaining("more than 3 bytes");
                }
            }
            ByteBuf out = harness.buffer(new byte[0]);
            assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> codec.encode("abcd", out));
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> codec.encode("a\nb", out));
            assertThat(out.readableBytes()).isZero();
            out.release();
        }
    }

    @Test
    void bytesThatAreNotUtf8AreMalformed() {
        try (CodecHarness harness = new CodecHarness(true)) {
            for (byte[] bytes : new byte[][] {{(byte) 0xff, '\n'}, {(byte) 0xc3}, {'a', (byte) 0xc3, '\n'}}) {
                assertThatExceptionOfType(MalformedMessageException.class)
                        .isThrownBy(() -> harness.decode(Codecs.lines(), bytes))
                        .withMessageContaining("UTF-8");
            }
        }
    }

    @Test
    void fixedMessagesSurviveEverySplitPointAndMustBeWhole() {
        MessageCodec<byte[]> codec = Codecs.fixed(4);
        byte[] bytes = {1, 2, 3, 4, 5, 6, 7, 8};
        try (CodecHarness harness = new CodecHarness(false)) {
            for (int cut = 0; cut <= bytes.length; cut++) {
                List<byte[]> messages = harness.decode(codec, bytes, cut);
                assertThat(messages).hasSize(2);
                assertThat(harness.encode(codec, messages)).isEqualTo(bytes);
            }
            for (int length = 1; length < 4; length++) {
                byte[] part = Arrays.copyOf(bytes, length);
                assertThatExceptionOfType(MalformedMessageException.class)
                        .isThrownBy(() -> harness.decode(codec, part))
                        .withMessageContaining(length + " of 4 bytes");
            }
            assertThatExceptionOfType(MalformedMessageException.class)
                    .isThrownBy(() -> harness.encode(codec, List.of(bytes)));
        }
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> Codecs.fixed(0));
    }

    @Test
    void bytesComeAsTheyCome() {
        try (CodecHarness harness = new CodecHarness(false)) {
            List<byte[]> messages = harness.decode(Codecs.bytes(), new byte[] {1, 2, 3}, 0, 1);
            assertThat(messages).containsExactly(new byte[] {1}, new byte[] {2, 3});
            assertThat(harness.encode(Codecs.bytes(), messages)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void closingADecoderFreesAnUnfinishedMessage() {
        for (MessageCodec<?> codec : List.of(Codecs.lines(), Codecs.fixed(100), Codecs.lengthPrefixed(100))) {
            try (CodecHarness harness = new CodecHarness(false)) {
                MessageCodec.Decoder<?> decoder = codec.decoder();
                harness.feed(decoder, new byte[] {50, 50}, new ArrayList<>());
                assertThat(harness.used()).isPositive();
                decoder.close();
            }
        }
    }
}
