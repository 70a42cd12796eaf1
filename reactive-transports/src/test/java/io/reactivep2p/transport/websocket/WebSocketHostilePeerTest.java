package io.reactivep2p.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.TransportException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real socket on the other side, which says what no WebSocket says. Whatever it is, the listener lives on. */
class WebSocketHostilePeerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    private final WebSocket webSocket = WebSocket.create(spec -> spec.maxFrame(100_000));
    private final BlockingQueue<RawConnection> accepted = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> data = new LinkedBlockingQueue<>();
    private final List<RawConnection> open = new ArrayList<>();
    private Listener listener;

    @BeforeEach
    void listen() {
        listener = Objects.requireNonNull(webSocket
                .listen(Multiaddr.of("/ip4/127.0.0.1/tcp/0/ws"), this::accept)
                .block(PATIENCE));
    }

    @AfterEach
    void stillListensThenCloses() throws Exception {
        RawConnection near =
                Objects.requireNonNull(webSocket.dial(listener.address()).block(PATIENCE));
        RawConnection far = Objects.requireNonNull(accepted.poll(10, TimeUnit.SECONDS));
        near.channel().close().syncUninterruptibly();
        far.channel().closeFuture().await(10, TimeUnit.SECONDS);
        listener.close().block(PATIENCE);
        open.forEach(raw -> raw.channel().close().syncUninterruptibly());
    }

    @ParameterizedTest
    @CsvSource({
        "'\u0013/multistream/1.0.0\n',                  400",
        "'SSH-2.0-OpenSSH_9.6\r\n\r\n',                 400",
        "'GET / HTTP/1.1\r\nHost: a\r\n\r\n',           426",
        "'PUT / HTTP/1.1\r\nHost: a\r\n\r\n',           405",
        "'GET / HTTP/1.1\r\nHost : a\r\n\r\n',          400",
    })
    void whatIsNoWebSocketIsAnsweredAndClosed(String words, int status) throws Exception {
        try (Socket socket = socket()) {
            write(socket, words);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 " + status + " ");
        }
        assertThat(accepted).isEmpty();
    }

    @Test
    void headersWithoutEndAreCutOff() throws Exception {
        try (Socket socket = socket()) {
            write(socket, "GET / HTTP/1.1\r\n");
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100_000; i++) {
                            write(socket, "X-Header: " + "y".repeat(1_000) + "\r\n");
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(accepted).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 30, 100})
    void aCutHandshakeIsForgotten(int length) throws Exception {
        try (Socket socket = socket()) {
            write(socket, REQUEST.substring(0, length));
        }
        assertThat(accepted).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "820548656c6c6f,                 03ea, not masked",
        "818500000000 48656c6c6f,        03eb, text frame",
        "82ff00000000000186a1 00000000,  03f1, 100001 bytes",
        "82ffffffffffffffffff 00000000,  03ea, highest bit",
        "c28500000000 48656c6c6f,        03ea, reserved bits",
        "808500000000 48656c6c6f,        03ea, has not begun",
        "89fe007e 00000000,              03ea, longer than 125",
    })
    void aBrokenRuleClosesWithItsCodeAndIsToldAbove(String hex, String code, String reason) throws Exception {
        try (Socket socket = upgraded()) {
            socket.getOutputStream().write(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
            byte[] told = socket.getInputStream().readNBytes(4);
            assertThat(ByteBufUtil.hexDump(told)).isEqualTo("8802" + code);
        }
        assertThat(failures.poll(10, TimeUnit.SECONDS))
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessageStartingWith("websocket: ")
                .hasMessageContaining(reason);
        assertThat(data).isEmpty();
    }

    @Test
    void aByteAtATimeIsUnderstood() throws Exception {
        try (Socket socket = socket()) {
            for (byte one : REQUEST.getBytes(StandardCharsets.US_ASCII)) {
                socket.getOutputStream().write(one);
            }
            answer(socket);
            for (byte one : ByteBufUtil.decodeHexDump("82ff0000000000010000" + "00000000" + "61")) {
                socket.getOutputStream().write(one);
            }
            assertThat(data.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
            open.add(accepted.take());
        }
    }

    @Test
    void framesBehindTheRequestAreRead() throws Exception {
        try (Socket socket = socket()) {
            write(socket, REQUEST + "\u0082\u0082\0\0\0\0hi\u0089\u0080\0\0\0\0");
            answer(socket);
            assertThat(data.poll(10, TimeUnit.SECONDS)).isEqualTo("hi");
            open.add(accepted.take());
            assertThat(ByteBufUtil.hexDump(socket.getInputStream().readNBytes(2)))
                    .isEqualTo("8a00");
        }
    }

    @Test
    void aCloseFrameIsAnsweredAndTheConnectionEnds() throws Exception {
        try (Socket socket = upgraded()) {
            socket.getOutputStream().write(ByteBufUtil.decodeHexDump("888200000000" + "03e9"));
            assertThat(ByteBufUtil.hexDump(socket.getInputStream().readAllBytes()))
                    .isEqualTo("880203e9");
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void theEndOfTheSocketIsTheEndOfTheConnection() throws Exception {
        try (Socket socket = upgraded()) {
            socket.shutdownOutput(); // there is no half-closed WebSocket
            assertThat(socket.getInputStream().readAllBytes().length).isLessThanOrEqualTo(4);
        }
        assertThat(open.get(0).channel().closeFuture().await(10, TimeUnit.SECONDS))
                .isTrue();
    }

    /** Half-open connections without limit: CVE-2022-23492 of go, CVE-2022-23486 of rust, CVE-2022-23487 of js. */
    @Test
    void cve_2022_23492_handshakesThatNeverEndAreBounded() throws Exception {
        List<Socket> halfOpen = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                Socket socket = socket();
                halfOpen.add(socket);
                write(socket, "GET / HTTP/1.1\r\nX: ");
            }
            assertThat(halfOpen.get(0).getInputStream().read())
                    .as("the oldest makes way")
                    .isEqualTo(-1);
            RawConnection near =
                    Objects.requireNonNull(webSocket.dial(listener.address()).block(PATIENCE));
            open.add(accepted.take());
            near.channel().close().syncUninterruptibly();
        } finally {
            for (Socket socket : halfOpen) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 404 Not Found\r\n\r\n',                                        the answer is 404 Not Found",
        "'HTTP/1.1 301 Moved\r\nLocation: ws://elsewhere.example/\r\n\r\n',       the answer is 301 Moved",
        "'\u0013/multistream/1.0.0\n',                                            the answer is not HTTP",
        "'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n', not for our key",
        "'HTTP/1.1 101 Switching',                                                closed before HTTP was done",
        "'',                                                                      closed before HTTP was done",
    })
    void aDialOfWhatIsNoWebSocketSaysWhatItIs(String words, String reason) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Multiaddr address = Multiaddr.of("/ip4/127.0.0.1/tcp/" + server.getLocalPort() + "/ws");
            CompletableFuture<RawConnection> dial = webSocket.dial(address).toFuture();
            try (Socket socket = server.accept()) {
                readHead(socket.getInputStream());
                write(socket, words);
            }
            assertThatThrownBy(() -> dial.get(10, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(TransportException.class, e -> assertThat(e.address())
                            .isEqualTo(address))
                    .hasMessageContaining(reason)
                    .hasCauseInstanceOf(HandshakeException.class);
        }
    }

    @Test
    void aDialThatIsNotAnsweredHasItsTimeAndCanBeCancelled() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            Multiaddr address = Multiaddr.of("/ip4/127.0.0.1/tcp/" + server.getLocalPort() + "/ws");
            assertThatThrownBy(() -> WebSocket.create(spec -> spec.handshakeTimeout(Duration.ofMillis(50)))
                            .dial(address)
                            .block(PATIENCE))
                    .hasMessageContaining("websocket: not done within 50 ms");
            server.accept().close();

            var dial = webSocket.dial(address).subscribe();
            try (Socket socket = server.accept()) {
                readHead(socket.getInputStream());
                dial.dispose();
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    private void accept(RawConnection raw) {
        raw.channel().pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ByteBuf bytes = (ByteBuf) message;
                data.add(bytes.toString(StandardCharsets.US_ASCII));
                bytes.release();
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                if (!(cause instanceof IOException)) {
                    failures.add(cause);
                }
            }
        });
        raw.channel().config().setAutoRead(true);
        accepted.add(raw);
    }

    /** A socket behind the handshake. */
    private Socket upgraded() throws Exception {
        Socket socket = socket();
        write(socket, REQUEST);
        answer(socket);
        open.add(Objects.requireNonNull(accepted.poll(10, TimeUnit.SECONDS)));
        return socket;
    }

    private void answer(Socket socket) throws Exception {
        assertThat(readHead(socket.getInputStream())).startsWith("HTTP/1.1 101 ");
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    private Socket socket() throws IOException {
        Socket socket =
                new Socket("127.0.0.1", listener.address().port(Protocol.TCP).orElseThrow());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    private static void write(Socket socket, String words) throws IOException {
        socket.getOutputStream().write(words.getBytes(StandardCharsets.ISO_8859_1));
    }
}
