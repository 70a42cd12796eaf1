package io.reactivep2p.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.MultiformatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes, the answer is a typed refusal or a result; never another exception, never a leak, never more kept than is allowed. */
class WebSocketFuzzTest {

    private static final int MAX_FRAME = 5_000;

    private static final byte[] REQUEST = ("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);

    private static final byte[] ANSWER = ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);

    /** What answers a key of 16 zeros. */
    private static final String ACCEPTED = "ICX+Yqv66kxgM0FcWaLWlFLwTAI=";

    @FuzzTest
    void framesAreReadOrRefused(FuzzedDataProvider data) {
        boolean fromClient = data.consumeBoolean();
        int cut = data.consumeInt(1, 100);
        frames(fromClient, data.consumeRemainingAsBytes(), cut);
    }

    @FuzzTest
    void handshakesAreReadOrRefused(FuzzedDataProvider data) {
        boolean server = data.consumeBoolean();
        int cut = data.consumeInt(1, 100);
        handshake(server, data.consumeRemainingAsBytes(), cut);
    }

    @FuzzTest
    void addressesAreTakenOrLeft(FuzzedDataProvider data) {
        try {
            address(Multiaddr.of(data.consumeRemainingAsBytes()));
        } catch (MultiformatException e) {
            assertThat(e.getMessage()).isNotNull();
        }
    }

    @Test
    void randomAndMutatedInputsAreReadOrRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try {
            for (int round = 0; round < 3_000; round++) {
                byte[] bytes = new byte[random.nextInt(400)];
                random.nextBytes(bytes);
                for (int at = 0; at < bytes.length; at += 1 + random.nextInt(60)) {
                    bytes[at] = (byte) new int[] {0x82, 0x02, 0x80, 0x00, 0x89, 0x8A, 0x88}[random.nextInt(7)];
                    if (at + 1 < bytes.length) {
                        bytes[at + 1] = (byte) (0x80 * random.nextInt(2) + random.nextInt(40));
                    }
                }
                frames(random.nextBoolean(), bytes, 1 + random.nextInt(50));
                boolean server = random.nextBoolean();
                byte[] head = mutated(server ? REQUEST : ANSWER, random);
                handshake(server, head, 1 + random.nextInt(100));
            }
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static byte[] mutated(byte[] valid, Random random) {
        byte[] mutated = Arrays.copyOf(valid, valid.length - (random.nextInt(4) == 0 ? random.nextInt(90) : 0));
        for (int flips = random.nextInt(4); flips > 0; flips--) {
            mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
        }
        return mutated;
    }

    private static void frames(boolean fromClient, byte[] bytes, int cut) {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        FrameReader reader = new FrameReader(fromClient, MAX_FRAME);
        int data = 0;
        try {
            for (int from = 0; from < bytes.length; from += cut) {
                ByteBuf in = allocator.directBuffer().writeBytes(bytes, from, Math.min(cut, bytes.length - from));
                try {
                    for (FramePiece piece = reader.next(in); piece != null; piece = reader.next(in)) {
                        if (piece instanceof FramePiece.Data content) {
                            data += content.bytes().readableBytes();
                            content.bytes().release();
                        } else if (piece instanceof FramePiece.Ping ping) {
                            assertThat(ping.payload()).hasSizeLessThanOrEqualTo(FrameReader.MAX_CONTROL);
                        } else if (piece instanceof FramePiece.Close close) {
                            assertThat(close.code() == CloseCode.NONE || CloseCode.isLegal(close.code()))
                                    .isTrue();
                        }
                    }
                    assertThat(in.isReadable()).isFalse();
                } finally {
                    in.release();
                }
            }
        } catch (WebSocketException e) {
            assertThat(e).hasMessageStartingWith("websocket: ");
        }
        assertThat(data).isLessThan(Math.max(1, bytes.length));
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private static void handshake(boolean server, byte[] bytes, int cut) {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        Opening opening = server ? new ServerOpening() : new ClientOpening("a", new byte[16]);
        HttpHeadReader reader = new HttpHeadReader();
        Opening.Outcome outcome = null;
        for (int from = 0; from < bytes.length && outcome == null; from += cut) {
            ByteBuf in = allocator.directBuffer().writeBytes(bytes, from, Math.min(cut, bytes.length - from));
            try {
                HttpHead head = reader.read(in);
                outcome = head == null ? null : opening.onHead(head);
            } catch (HttpHeadException e) {
                outcome = opening.onMalformedHead(e);
            } finally {
                in.release();
            }
        }
        if (outcome != null) {
            if (server) {
                assertThat(outcome.send()).startsWith("HTTP/1.1 ").endsWith("\r\n\r\n");
                assertThat(outcome.send()).hasSizeLessThan(400);
            } else {
                // A guided fuzzer sees what its input is compared with, and comes to know our key.
                if (outcome.refusal() == null) {
                    assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).contains(ACCEPTED);
                } else {
                    assertThat(outcome.refusal()).hasSizeLessThan(300);
                }
            }
        }
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private static void address(Multiaddr address) {
        WebSocketAddress.of(address).ifPresent(parsed -> {
            assertThat(parsed.port()).isBetween(0, 65_535);
            try {
                HostName host = HostName.of(parsed);
                assertThat(host.header(parsed)).doesNotContain("\r", "\n", " ", "/");
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessage("no host name");
            }
        });
    }
}
