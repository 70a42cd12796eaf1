package io.reactivep2p.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both sides of the opening handshake, with the example of RFC 6455, section 1.3. */
class OpeningTest {

    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
    private static final String REQUEST = "GET /chat HTTP/1.1\r\n"
            + "Host: server.example.com\r\n"
            + "Upgrade: websocket\r\n"
            + "Connection: Upgrade\r\n"
            + "Sec-WebSocket-Key: " + KEY + "\r\n"
            + "Origin: http://example.com\r\n"
            + "Sec-WebSocket-Protocol: chat, superchat\r\n"
            + "Sec-WebSocket-Extensions: permessage-deflate\r\n"
            + "Sec-WebSocket-Version: 13\r\n\r\n";
    private static final String ANSWER = "HTTP/1.1 101 Switching Protocols\r\n"
            + "Upgrade: websocket\r\n"
            + "Connection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: " + ACCEPT + "\r\n\r\n";

    private final ClientOpening client =
            new ClientOpening("node.example:4001", Base64.getDecoder().decode(KEY));
    private final ServerOpening server = new ServerOpening();

    @Test
    void theStandardsRequestIsAnsweredAsTheStandardSays() {
        assertThat(server.onHead(head(REQUEST))).isEqualTo(new Opening.Outcome(ANSWER, null));
    }

    @Test
    void eachSideTakesWhatTheOtherSays() {
        Opening.Outcome answered = server.onHead(head(client.request()));
        assertThat(answered.refusal()).isNull();
        assertThat(client.request()).contains("\r\nHost: node.example:4001\r\n");
        assertThat(client.onHead(head(Objects.requireNonNull(answered.send()))))
                .isEqualTo(new Opening.Outcome(null, null));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "GET /chat HTTP/1.1,               POST / HTTP/1.1,             405, no GET",
                "GET /chat HTTP/1.1,               GET / HTTP/1.0,              400, HTTP/1.0",
                "GET /chat HTTP/1.1,               GET / HTTP/2.0,              400, no request",
                "GET /chat HTTP/1.1,               GET /,                       400, no request",
                "Host: server.example.com,         Other: x,                    400, one Host",
                "Origin: http://example.com,       Host: another,               400, one Host",
                "Origin: http://example.com,       Content-Length: 5,           400, body",
                "Origin: http://example.com,       Transfer-Encoding: chunked,  400, body",
                "Upgrade: websocket,               Upgrade: h2c,                426, does not upgrade",
                "Connection: Upgrade,              Connection: close,           426, does not upgrade",
                "Sec-WebSocket-Version: 13,        Sec-WebSocket-Version: 8,    426, another version",
                "Origin: http://example.com,       Sec-WebSocket-Version: 13,   426, another version",
                "Sec-WebSocket-Version: 13,        Other: x,                    426, another version",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, Sec-WebSocket-Key: dGhl, 400, one key",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, Sec-WebSocket-Key: !!!!, 400, one key",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, Other: x,         400, one key",
            })
    void aRequestThatIsNotForAWebSocketGetsItsStatus(String part, String instead, int status, String reason) {
        assertThat(REQUEST).contains(part);
        Opening.Outcome outcome = server.onHead(head(REQUEST.replace(part, instead)));
        assertThat(outcome.refusal()).contains(reason);
        assertThat(outcome.send())
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("close\r\n", "\r\nContent-Length: 0\r\n")
                .endsWith("\r\n\r\n");
        assertThat(outcome.send().contains("Sec-WebSocket-Version: 13")).isEqualTo(status == 426);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 101 Switching Protocols, HTTP/1.1 200 OK,       the answer is 200 OK",
        "HTTP/1.1 101 Switching Protocols, HTTP/1.1 301,          the answer is 301",
        "HTTP/1.1 101 Switching Protocols, SSH-2.0-OpenSSH,       not HTTP/1.1: SSH-2.0-OpenSSH",
        "HTTP/1.1 101 Switching Protocols, HTTP/1.0 101 Well,     not HTTP/1.1",
        "Upgrade: websocket,               Upgrade: h2c,          something else",
        "Connection: Upgrade,              Connection: close,     something else",
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=,     xxxxLMBiTxaQ9kYGzzhZRbK+xOo=, not for our key",
        "Upgrade: websocket,               Upgrade: websocket|Sec-WebSocket-Extensions: permessage-deflate, extension",
        "Upgrade: websocket,               Upgrade: websocket|Sec-WebSocket-Protocol: chat, subprotocol",
    })
    void anAnswerThatIsNoWebSocketIsNamed(String part, String instead, String reason) {
        assertThat(ANSWER).contains(part);
        String answer = ANSWER.replace(part, instead.replace("|", "\r\n"));
        assertThat(client.onHead(head(answer)).refusal()).contains(reason);
    }

    @Test
    void aLongAnswerIsNotRepeatedInFull() {
        String refusal = client.onHead(head("HTTP/1.1 404 " + "x".repeat(10_000) + "\r\n\r\n"))
                .refusal();
        assertThat(refusal).startsWith("the answer is 404 xxx").hasSizeLessThan(200);
    }

    private static HttpHead head(String text) {
        return Objects.requireNonNull(
                new HttpHeadReader().read(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1)));
    }
}
