package io.reactivep2p.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of RFC 6455, section 5.7, every cut, and every rule that a frame can break. */
class FrameReaderTest {

    private static final int MAX_FRAME = 100_000;

    /** "Hello", masked, as a binary frame. */
    private static final String MASKED_HELLO = "828537fa213d7f9f4d5158";

    /** "Hel" and "lo" in two frames, not masked. */
    private static final String FRAGMENTED_HELLO = "020348656c80026c6f";

    @Test
    void theExamplesOfTheStandardAreRead() {
        assertThat(Read.all(true, MASKED_HELLO).text()).isEqualTo("Hello");
        assertThat(Read.all(false, "820548656c6c6f").text()).isEqualTo("Hello");
        assertThat(Read.all(false, FRAGMENTED_HELLO).text()).isEqualTo("Hello");
        assertThat(Read.all(false, "890548656c6c6f").control()).containsExactly("ping Hello");
        assertThat(Read.all(true, "8a8537fa213d7f9f4d5158").control()).containsExactly("pong");
        assertThat(Read.all(false, "827e0100" + "ab".repeat(256)).data.size()).isEqualTo(256);
        assertThat(Read.all(false, "827f0000000000010000" + "cd".repeat(65_536))
                        .data
                        .size())
                .isEqualTo(65_536);
    }

    @Test
    void aConversationIsTheSameWhereverItIsCut() {
        String conversation = MASKED_HELLO
                + "02830000000048656c" // "Hel", more to come, masked with zeros
                + "898211223344" + "7170" // ping "`R", in the middle of a message
                + "80" + "82" + "37fa213d" + "5b95" // "lo"
                + "8280" + "37fa213d" // empty
                + "8882" + "00000000" + "03e8"; // close 1000
        byte[] bytes = ByteBufUtil.decodeHexDump(conversation);
        Read whole = Read.all(true, conversation);
        assertThat(whole.text()).isEqualTo("HelloHello");
        assertThat(whole.control()).containsExactly("ping `R", "close 1000");
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second++) {
                Read read = new Read(true);
                read.take(bytes, 0, first);
                read.take(bytes, first, second);
                read.take(bytes, second, bytes.length);
                assertThat(read.text()).isEqualTo("HelloHello");
                assertThat(read.control()).isEqualTo(whole.control());
            }
        }
    }

    @Test
    void dataGoesOnBeforeItsFrameIsWhole() {
        Read read = new Read(false);
        read.take(ByteBufUtil.decodeHexDump("827f00000000000186a0" + "4865"));
        assertThat(read.text()).isEqualTo("He");
    }

    @Test
    void aCloseFrameMayHaveAReasonOrNothing() {
        assertThat(Read.all(false, "8800").control()).containsExactly("close 1005");
        assertThat(Read.all(false, "880503e9627965").control()).containsExactly("close 1001");
        assertThat(Read.all(false, "88020fa0").control()).containsExactly("close 4000");
    }

    @ParameterizedTest
    @CsvSource({
        // what is wrong, hex of what a client sends, close code, part of the message
        "C2 80 00000000,            1002, reserved bits",
        "83 80 00000000,            1002, opcode 3",
        "8B 80 00000000,            1002, opcode 11",
        "81 85 37fa213d 7f9f4d5158, 1003, text frame",
        "82 05 48656c6c6f,          1002, not masked",
        "09 80 00000000,            1002, control frame that is fragmented",
        "89 FE 007E,                1002, longer than 125",
        "80 80 00000000,            1002, has not begun",
        "02 80 00000000 82 80,      1002, before the last one has ended",
        "82 FE 007D 00000000,       1002, more bytes than needed",
        "82 FF 000000000000FFFF 00000000, 1002, more bytes than needed",
        "82 FF 8000000000000000 00000000, 1002, highest bit",
        "82 FF 00000000000186A1 00000000, 1009, 100001 bytes",
        "82 FF 7FFFFFFFFFFFFFFF 00000000, 1009, 9223372036854775807 bytes",
        "88 81 00000000 03,         1002, legal code",
        "88 82 00000000 03ED,       1002, legal code",
        "88 82 00000000 03EE,       1002, legal code",
        "88 82 00000000 03F7,       1002, legal code",
        "88 82 00000000 0000,       1002, legal code",
        "88 82 00000000 1388,       1002, legal code",
        "88 84 00000000 03E8 C328,  1002, UTF-8",
    })
    void aBrokenRuleIsNamedAndHasItsCode(String hex, int code, String part) {
        assertThatThrownBy(() -> Read.all(true, hex.replace(" ", "")))
                .isInstanceOfSatisfying(
                        WebSocketException.class,
                        e -> assertThat(e.code().value()).isEqualTo(code))
                .hasMessageStartingWith("websocket: ")
                .hasMessageContaining(part);
    }

    @Test
    void aServersFrameIsNotMasked() {
        assertThatThrownBy(() -> Read.all(false, MASKED_HELLO)).hasMessageContaining("masked");
    }

    /** Before a byte of it has come: CVE-2026-73568 is a length that was believed. */
    @Test
    void cve_2026_73568_aFramesLengthIsCheckedAsSoonAsItsHeaderIsThere() {
        Read read = new Read(false);
        assertThatThrownBy(() -> read.take(ByteBufUtil.decodeHexDump("827f00000000ffffffff")))
                .hasMessageContaining("4294967295 bytes, 100000 are allowed");
    }

    @Test
    void theFirstTwoBytesAreEnoughToRefuse() {
        assertThatThrownBy(() -> Read.all(true, "8205")).hasMessageContaining("not masked");
        assertThatThrownBy(() -> Read.all(true, "8180")).hasMessageContaining("text");
    }

    /** What a reader has told, in all. */
    static final class Read {

        final ByteArrayOutputStream data = new ByteArrayOutputStream();
        final List<FramePiece> pieces = new ArrayList<>();
        private final FrameReader reader;

        Read(boolean fromClient) {
            this(fromClient, MAX_FRAME);
        }

        Read(boolean fromClient, int maxFrame) {
            reader = new FrameReader(fromClient, maxFrame);
        }

        static Read all(boolean fromClient, String hex) {
            Read read = new Read(fromClient);
            read.take(ByteBufUtil.decodeHexDump(hex));
            return read;
        }

        void take(byte[] bytes) {
            take(bytes, 0, bytes.length);
        }

        void take(byte[] bytes, int from, int to) {
            ByteBuf in = Unpooled.buffer().writeBytes(bytes, from, to - from);
            try {
                for (FramePiece piece = reader.next(in); piece != null; piece = reader.next(in)) {
                    if (piece instanceof FramePiece.Data content) {
                        data.writeBytes(ByteBufUtil.getBytes(content.bytes()));
                        assertThat(content.bytes().readableBytes()).isPositive();
                        content.bytes().release();
                    } else {
                        pieces.add(piece);
                    }
                }
                assertThat(in.isReadable()).isFalse();
            } finally {
                assertThat(in.release()).isTrue();
            }
        }

        String text() {
            return data.toString(StandardCharsets.ISO_8859_1);
        }

        List<String> control() {
            return pieces.stream().map(Read::describe).toList();
        }

        private static String describe(FramePiece piece) {
            if (piece instanceof FramePiece.Ping ping) {
                return "ping " + new String(ping.payload(), StandardCharsets.ISO_8859_1);
            }
            return piece instanceof FramePiece.Close close ? "close " + close.code() : "pong";
        }
    }
}
