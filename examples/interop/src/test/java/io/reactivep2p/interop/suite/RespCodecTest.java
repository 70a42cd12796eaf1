package io.reactivep2p.interop.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RespCodecTest {

    @Test
    void aCommandIsAnArrayOfBulkStrings() {
        assertThat(RespCodec.command("SET", "key", "sn\u00f6"))
                .isEqualTo("*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$4\r\nsn\u00f6\r\n".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void eachKindOfAnswerIsRead() throws IOException {
        assertThat(read("+OK\r\n")).isEqualTo(new RespReply.Text("OK"));
        assertThat(read("$2\r\nhi\r\n")).isEqualTo(new RespReply.Text("hi"));
        assertThat(read("$0\r\n\r\n")).isEqualTo(new RespReply.Text(""));
        assertThat(read(":-7\r\n")).isEqualTo(new RespReply.Number(-7));
        assertThat(read("-ERR no\r\n")).isEqualTo(new RespReply.Refusal("ERR no"));
        assertThat(read("$-1\r\n")).isEqualTo(RespReply.Nothing.NOTHING);
        assertThat(read("*-1\r\n")).isEqualTo(RespReply.Nothing.NOTHING);
        assertThat(read("*2\r\n$1\r\nk\r\n*1\r\n:1\r\n"))
                .isEqualTo(new RespReply.Items(
                        List.of(new RespReply.Text("k"), new RespReply.Items(List.of(new RespReply.Number(1))))));
    }

    @Test
    void notAByteMoreIsRead() throws IOException {
        ByteArrayInputStream in = in("*1\r\n$1\r\nk\r\n+next\r\n");

        RespCodec.read(in);

        assertThat(RespCodec.read(in)).isEqualTo(new RespReply.Text("next"));
        assertThat(in.available()).isZero();
    }

    @Test
    void aCutAnswerIsAnEndOfTheStream() {
        String whole = "*2\r\n$3\r\nkey\r\n:12\r\n";
        for (int length = 0; length < whole.length(); length++) {
            String cut = whole.substring(0, length);
            assertThatThrownBy(() -> read(cut)).as(cut).isInstanceOf(EOFException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?\r\n",
                "GET / HTTP/1.1\r\n",
                ":one\r\n",
                ":\r\n",
                ":99999999999999999999\r\n",
                ":000000000000000000000001\r\n",
                "$-2\r\n",
                "*-2\r\n",
                "$2\r\nhix\r\n",
                "$2\r\nhi\rx",
                "+OK\rx",
                "$65537\r\n",
                "$9223372036854775807\r\n",
                "*65\r\n",
                "*2147483648\r\n",
                "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n"
            })
    void whatIsMalformedOrTooLongIsRefused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void aLineWithoutEndIsRefusedWhenItHasBecomeTooLong() {
        assertThatThrownBy(() -> read("+" + "x".repeat(RespCodec.MAX_STRING + 1)))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void randomBytesAreReadOrRefused() {
        Random random = new Random(20_261_121);
        byte[] alphabet = "+-:$*0123456789\r\n\r\n\r\nab".getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] =
                        random.nextInt(20) == 0 ? (byte) random.nextInt() : alphabet[random.nextInt(alphabet.length)];
            }
            RespCodecFuzzTest.readOrRefuse(bytes);
        }
    }

    private static RespReply read(String text) throws IOException {
        return RespCodec.read(in(text));
    }

    private static ByteArrayInputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
