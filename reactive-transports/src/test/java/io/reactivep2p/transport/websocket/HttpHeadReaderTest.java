package io.reactivep2p.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpHeadReaderTest {

    private static final String HEAD =
            "GET /any HTTP/1.1\r\nHost: a\r\nConnection: keep-alive,\tUpgrade\r\nEmpty:\r\n\r\n";

    @Test
    void aHeadIsReadWhereverItIsCutAndNothingBehindIt() {
        for (int cut = 0; cut < HEAD.length(); cut++) {
            HttpHeadReader reader = new HttpHeadReader();
            assertThat(reader.read(bytes(HEAD.substring(0, cut)))).isNull();
            ByteBuf rest = bytes(HEAD.substring(cut) + "\r\n\r\nbehind");
            HttpHead head = reader.read(rest);
            assertThat(head).isNotNull();
            assertThat(head.start()).isEqualTo("GET /any HTTP/1.1");
            assertThat(head.values("host")).containsExactly("a");
            assertThat(head.lists("CONNECTION", "upgrade")).isTrue();
            assertThat(head.lists("Connection", "up")).isFalse();
            assertThat(head.has("empty")).isTrue();
            assertThat(head.has("other")).isFalse();
            assertThat(rest.toString(StandardCharsets.US_ASCII)).isEqualTo("\r\n\r\nbehind");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0013/multistream/1.0.0\n",
                "\u0000\u0000",
                "\r\n\r\n",
                " GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nno field\r\n\r\n",
                "GET / HTTP/1.1\r\n: nameless\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n",
                "GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n",
                "GET / HTTP/1.1\r\nA: b\rC: d\r\n\r\n",
                "GET / HTTP/1.1\r\nA: \u0000\r\n\r\n",
                "GET / HTTP/1.1\r\nA: \u007f\r\n\r\n",
                "GET /\u0001 HTTP/1.1\r\n\r\n"
            })
    void whatIsNoHeadIsRefused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOfSatisfying(HttpHeadException.class, e -> assertThat(e.status())
                .isEqualTo(HttpStatus.BAD_REQUEST));
    }

    @Test
    void aHeadMayBeSoLongAndNoLonger() {
        String begin = "GET / HTTP/1.1\r\nA: ";
        String longest = begin + "x".repeat(HttpHeadReader.MAX_BYTES - begin.length() - 4) + "\r\n\r\n";
        assertThat(read(longest)).isNotNull();
        assertThatThrownBy(() -> read(begin + "x" + longest.substring(begin.length())))
                .isInstanceOfSatisfying(
                        HttpHeadException.class, e -> assertThat(e.status()).isEqualTo(HttpStatus.HEADERS_TOO_LARGE));
    }

    @Test
    void aHeadHasSoManyFieldsAndNoMore() {
        assertThat(read("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(HttpHeadReader.MAX_FIELDS) + "\r\n"))
                .isNotNull();
        assertThatThrownBy(() -> read("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(HttpHeadReader.MAX_FIELDS + 1) + "\r\n"))
                .hasMessageContaining("more than 128 fields");
    }

    private static @Nullable HttpHead read(String text) {
        return new HttpHeadReader().read(bytes(text));
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }
}
