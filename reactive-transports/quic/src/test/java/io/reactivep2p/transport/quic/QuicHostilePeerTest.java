package io.reactivep2p.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.reactivep2p.crypto.NonBlockingRandom;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.tls.TlsCertificate;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Peers, and others, that do what they should not: the listener lives on. */
class QuicHostilePeerTest extends QuicHostileFixture {

    private static final int INITIAL = 0xC0;
    private static final int RETRY = 0xF0;

    /** What looks like the first packet of a client, and cannot be decrypted. */
    private byte[] initial(byte[] token) {
        byte[] bytes = randomBytes(1200);
        ByteBuffer packet =
                ByteBuffer.wrap(bytes).put((byte) (INITIAL | 1)).putInt(1).put((byte) 8);
        packet.position(packet.position() + 8);
        packet.put((byte) 8);
        packet.position(packet.position() + 8);
        packet.putShort((short) (0x4000 | token.length)).put(token);
        packet.putShort((short) (0x4000 | packet.remaining() - 2));
        return bytes;
    }

    private static void assertSilence(DatagramSocket socket) throws IOException {
        assertThat(receive(socket, Duration.ofMillis(500))).isEmpty();
    }

    /** Forwards what clients send, and swallows what they are answered: handshakes that begin and never end. */
    private final class OneWay implements AutoCloseable {

        private final DatagramSocket in = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
        private final DatagramSocket out = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
        private final AtomicInteger retries = new AtomicInteger();
        private final InetSocketAddress to = address();
        private final Thread forwarding = new Thread(() -> pass(in, packet -> send(out, to, packet)));
        private final Thread swallowing = new Thread(() -> pass(out, this::count));

        OneWay() throws IOException {
            forwarding.start();
            swallowing.start();
        }

        private void count(byte[] answer) {
            if ((answer[0] & 0xF0) == RETRY) {
                assertThat(answer.length).describedAs("no amplification").isLessThan(400);
                retries.incrementAndGet();
            }
        }

        private void pass(DatagramSocket from, Hop hop) {
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
                    from.receive(packet);
                    hop.take(Arrays.copyOf(packet.getData(), packet.getLength()));
                }
            } catch (IOException closed) {
                // The test is over.
            }
        }

        Multiaddr address4() {
            return Multiaddr.of("/ip4/127.0.0.1/udp/" + in.getLocalPort() + "/quic-v1");
        }

        @Override
        public void close() {
            in.close();
            out.close();
        }
    }

    private interface Hop {
        void take(byte[] packet) throws IOException;
    }

    @Test
    void clientsThatNeverAnswerAreAskedForTheirAddressAndTheHonestGetThrough() throws IOException {
        listen(spec -> spec.retryAbove(8).maxHandshakes(16).handshakeTimeout(Duration.ofSeconds(30)));
        try (OneWay relay = new OneWay()) {
            Quic many = Quic.create(spec -> spec.handshakeTimeout(Duration.ofSeconds(30)));
            Disposable.Composite dials = Disposables.composite();
            for (int i = 0; i < 40; i++) {
                dials.add(many.dial(relay.address4(), client, null).subscribe(made -> {}, error -> {}));
            }
            Awaitility.await().atMost(PATIENCE).until(() -> relay.retries.get() >= 32);
            someoneHonestGetsIn();
            dials.dispose();
        }
    }

    @Test
    void whatCannotBeDecryptedLeavesNothingBehind() throws IOException {
        listen(spec -> spec.retryAbove(0).maxHandshakes(1).handshakeTimeout(Duration.ofSeconds(30)));
        try (DatagramSocket flooder = new DatagramSocket()) {
            for (int i = 0; i < 1_000; i++) {
                send(flooder, address(), initial(new byte[0]));
            }
            someoneHonestGetsIn();
        }
    }

    @Test
    void aFloodOfNoiseIsOverheard() throws IOException {
        listen(spec -> {});
        try (DatagramSocket flooder = new DatagramSocket()) {
            for (int i = 0; i < 2_000; i++) {
                send(flooder, address(), randomBytes(random.nextInt(1_400)));
            }
            someoneHonestGetsIn();
        }
    }

    /** Netty's own handler without tokens took any: the sender's address counted as proved, and the limit on answers was off. */
    @Test
    void cve202644894_aTokenThatIsNotOursBeginsNothingAndIsNotAnswered() throws IOException {
        listen(spec -> spec.retryAbove(1).handshakeTimeout(Duration.ofSeconds(30)));
        try (DatagramSocket forger = new DatagramSocket()) {
            for (int i = 0; i < 100; i++) {
                send(forger, address(), initial(randomBytes(random.nextInt(100) + 1)));
            }
            assertSilence(forger);
        }
        HandshakeGate gate = new HandshakeGate(1, 1);
        gate.listening(true);
        RetryTokens tokens = new RetryTokens(gate, new AddressToken(new byte[AddressToken.KEY_BYTES]), () -> 0);
        assertThat(tokens.validateToken(Unpooled.buffer().writeZero(AddressToken.MAX_BYTES), address()))
                .isEqualTo(-1);
        someoneHonestGetsIn();
    }

    /** Tokens were made with the key that connection ids were made with, which everyone sees. */
    @Test
    void cve202650009_noResetTokenIsEverSeenAsAConnectionId() {
        listen(spec -> {});
        ResetTokens tokens = new ResetTokens(new byte[ResetTokens.KEY_BYTES]);
        ConnectionIds ids = new ConnectionIds(NonBlockingRandom.create());
        Set<ByteBuffer> seen = new HashSet<>();
        ByteBuffer id = ids.newId(QuicPacket.ID_BYTES);
        for (int i = 0; i < 1_000; i++) {
            seen.add(id);
            ByteBuffer token = tokens.newResetToken(id.duplicate());
            assertThat(token.remaining()).isEqualTo(ResetTokens.TOKEN_BYTES);
            assertThat(tokens.newResetToken(id.duplicate())).isEqualTo(token);
            assertThat(seen).doesNotContain(token.duplicate().limit(QuicPacket.ID_BYTES));
            id = ids.newId(id.duplicate(), QuicPacket.ID_BYTES);
            assertThat(seen).doesNotContain(id);
        }
        byte[] other = new byte[ResetTokens.KEY_BYTES];
        other[0] = 1;
        assertThat(new ResetTokens(other).newResetToken(id.duplicate())).isNotEqualTo(tokens.newResetToken(id));
    }

    @Test
    void anExpiredCertificateIsRefusedByTheOneWhoDials() {
        listen(spec -> {});
        Quic late = Quic.create(spec -> spec.clock(InstantSource.fixed(Instant.parse("2999-01-01T00:00:00Z"))));
        assertThatThrownBy(() -> late.dial(listener.address(), client, null).block(PATIENCE))
                .isInstanceOf(HandshakeException.class)
                .hasMessageContaining("certificate")
                .hasMessageContaining("expired");
        someoneHonestGetsIn();
    }

    @Test
    void anExpiredCertificateIsRefusedByTheOneWhoListens() {
        listen(spec -> {});
        Quic old = Quic.create(spec -> spec.clock(new InstantSource() {
            private boolean made;

            @Override
            public Instant instant() {
                // Its certificate is from then, its judgement from now.
                boolean first = !made;
                made = true;
                return first ? Instant.parse("1900-01-01T00:00:00Z") : Instant.now();
            }
        }));
        assertThatThrownBy(() -> old.dial(listener.address(), client, null).block(PATIENCE))
                .isInstanceOf(HandshakeException.class)
                .hasMessageContaining("TLS alert");
        assertThat(accepted).isEmpty();
        someoneHonestGetsIn();
    }

    @Test
    void aClientWithoutACertificateIsToldThatOneIsRequired() throws Exception {
        listen(spec -> {});
        QuicSslContext anonymous = QuicSslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .applicationProtocols(QuicIdentity.ALPN)
                .build();
        EventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(1, (ThreadFactory) Thread::new, NioIoHandler.newFactory()); // may block
        try {
            Channel socket = new Bootstrap()
                    .group(loop)
                    .channel(NioDatagramChannel.class)
                    .handler(new QuicClientCodecBuilder()
                            .sslEngineProvider(made -> anonymous.newEngine(made.alloc()))
                            .maxIdleTimeout(10, TimeUnit.SECONDS)
                            .initialMaxData(1 << 20)
                            .build())
                    .bind(0)
                    .sync()
                    .channel();
            CompletableFuture<QuicConnectionCloseEvent> goodbye = new CompletableFuture<>();
            QuicChannel.newBootstrap(socket)
                    .handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                            if (event instanceof QuicConnectionCloseEvent close) {
                                goodbye.complete(close);
                            }
                        }
                    })
                    .remoteAddress(address())
                    .connect();
            assertThat(QuicFailure.of(goodbye.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)))
                    .isInstanceOf(HandshakeException.class)
                    .hasMessageContaining("certificate required");
            Awaitility.await().atMost(PATIENCE).until(() -> handshakes() == 0);
            assertThat(accepted).isEmpty();
            socket.close().sync();
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
        someoneHonestGetsIn();
    }

    /** js-libp2p does: it could never come back, since a session that is resumed brings no certificate. */
    @Test
    void aClientThatWouldResumeItsSessionProvesItselfAgain() throws Exception {
        listen(spec -> {});
        QuicSslContext resuming = QuicSslContextBuilder.forClient()
                .keyManager(new CertificateKey(TlsCertificate.create(client, Instant.now(), new SecureRandom())), null)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .applicationProtocols(QuicIdentity.ALPN)
                .build();
        EventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(1, (ThreadFactory) Thread::new, NioIoHandler.newFactory()); // may block
        try {
            Channel socket = new Bootstrap()
                    .group(loop)
                    .channel(NioDatagramChannel.class)
                    // Sessions are kept by the name and port of the peer.
                    .handler(new QuicClientCodecBuilder()
                            .sslEngineProvider(made -> resuming.newEngine(made.alloc(), "peer", 1))
                            .maxIdleTimeout(10, TimeUnit.SECONDS)
                            .initialMaxData(1 << 20)
                            .build())
                    .bind(0)
                    .sync()
                    .channel();
            for (int i = 1; i <= 3; i++) {
                QuicChannel channel = QuicChannel.newBootstrap(socket)
                        .handler(new ChannelInboundHandlerAdapter())
                        .remoteAddress(address())
                        .connect()
                        .get(20, TimeUnit.SECONDS);
                int connections = i;
                Awaitility.await().atMost(PATIENCE).until(() -> accepted.size() == connections);
                assertThat(accepted).allMatch(made -> made.remotePeer().equals(PeerId.of(client.publicKey())));
                channel.close().sync();
            }
            socket.close().sync();
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    /** go, rust, js: nothing limited what a peer could open. */
    @Test
    void cve202223492_aPeerOpensNoMoreStreamsThanItMay() {
        listen(spec -> spec.maxInboundStreams(4));
        MuxedConnection dialed = Quic.create()
                .dial(listener.address(), client, null)
                .blockOptional(PATIENCE)
                .orElseThrow();
        BlockingQueue<MuxedStream> opened = new LinkedBlockingQueue<>();
        for (int i = 0; i < 6; i++) {
            dialed.executor().execute(() -> dialed.openStream().subscribe(opened::add, error -> {}));
        }
        Awaitility.await().atMost(PATIENCE).until(() -> opened.size() == 4);
        Awaitility.await().during(Duration.ofMillis(200)).until(() -> opened.size() == 4);
        dialed.dispose();
        dialed.onDispose().block(PATIENCE);
    }
}
