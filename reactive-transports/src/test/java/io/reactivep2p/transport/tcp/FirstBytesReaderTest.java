package io.reactivep2p.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One answer for all cuts of the same bytes, and never a byte taken. */
class FirstBytesReaderTest {

    @ParameterizedTest
    @CsvSource({
        "474554202f, HTTP",
        "47455420,   HTTP",
        "474554,     ",
        "47455422,   PLAIN",
        "47415420,   PLAIN",
        "504f5354,   PLAIN", // POST
        "160301020001, TLS",
        "160303400001, TLS",
        "160304000501, TLS",
        "1603,         ",
        "1603010200,   ",
        "160301020002, PLAIN", // ServerHello
        "160301410001, PLAIN",
        "160305020001, PLAIN",
        "160201020001, PLAIN",
        "132f6d756c7469, PLAIN",
        "00, PLAIN",
        "ff, PLAIN",
    })
    void theFirstBytesTell(String hex, @Nullable FirstBytes expected) {
        assertThat(answer(HexFormat.of().parseHex(hex), 1)).isEqualTo(expected);
        assertThat(answer(HexFormat.of().parseHex(hex), 100)).isEqualTo(expected);
    }

    @Test
    void aDialersFirstWordOverTcpIsPlain() {
        byte[] header = "\u0013/multistream/1.0.0\n".getBytes(StandardCharsets.US_ASCII);
        assertThat(answer(header, header.length)).isEqualTo(FirstBytes.PLAIN);
        assertThat(answer(header, 1)).isEqualTo(FirstBytes.PLAIN);
    }

    @FuzzTest
    void anyBytesHaveOneAnswer(FuzzedDataProvider data) {
        int cut = data.consumeInt(1, 8);
        agree(data.consumeRemainingAsBytes(), cut);
    }

    @Test
    void randomBytesHaveOneAnswer() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[][] beginnings = {{'G', 'E', 'T', ' '}, {0x16, 3, 1, 2, 0, 1}, {}};
        try {
            for (int round = 0; round < 4_000; round++) {
                byte[] begun = beginnings[random.nextInt(beginnings.length)];
                byte[] bytes = Arrays.copyOf(begun, random.nextInt(10));
                int known = random.nextInt(begun.length + 1);
                for (int i = known; i < bytes.length; i++) {
                    bytes[i] = (byte) random.nextInt();
                }
                agree(bytes, 1 + random.nextInt(8));
            }
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static void agree(byte[] bytes, int cut) {
        FirstBytes whole = answer(bytes, Integer.MAX_VALUE);
        assertThat(answer(bytes, cut)).isEqualTo(whole).isEqualTo(expected(bytes));
        if (bytes.length >= FirstBytesReader.MAX_BYTES) {
            assertThat(whole).isNotNull();
        }
    }

    /** The same rules, said for bytes that are all there. */
    private static @Nullable FirstBytes expected(byte[] bytes) {
        String get = "GET ";
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (text.startsWith(get)) {
            return FirstBytes.HTTP;
        }
        byte[] b = Arrays.copyOf(bytes, Math.max(bytes.length, FirstBytesReader.MAX_BYTES));
        if (bytes.length < b.length) { // a byte that is still to come may fit
            if (get.startsWith(text)) {
                return null;
            }
            byte[] hello = {0x16, 3, 1, 0, 0, 1};
            System.arraycopy(hello, bytes.length, b, bytes.length, hello.length - bytes.length);
        }
        boolean tls = b[0] == 0x16 && b[1] == 3 && b[2] >= 0 && b[2] <= 4 && b[3] >= 0 && b[3] <= 0x40 && b[5] == 1;
        return !tls ? FirstBytes.PLAIN : bytes.length < FirstBytesReader.MAX_BYTES ? null : FirstBytes.TLS;
    }

    private static @Nullable FirstBytes answer(byte[] bytes, int cut) {
        FirstBytesReader reader = new FirstBytesReader();
        for (int from = 0; from < bytes.length; from += Math.min(cut, bytes.length)) {
            ByteBuf piece = Unpooled.wrappedBuffer(bytes, from, Math.min(cut, bytes.length - from));
            FirstBytes answer = reader.onBytes(piece);
            assertThat(piece.readableBytes()).isEqualTo(Math.min(cut, bytes.length - from));
            if (answer != null) {
                return answer;
            }
        }
        return null;
    }
}
