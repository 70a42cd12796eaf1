package io.reactivep2p.benchmarks.perf;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionAddress;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.security.tls.TlsCertificate;
import io.reactivep2p.transport.netty.EventLoops;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Netty's QUIC codec between two sockets, each on a thread of its own: dials and closes over and over, so many at a time. */
final class BareQuic implements PerfSession {

    private static final int PARALLEL = 16;
    private static final String ALPN = "bare";
    private static final int WINDOW = 1 << 20;
    private static final int CONNECTION_ID_BYTES = 20;

    private static final ChannelHandler NOTHING = new Nothing();

    private final Loops loops = Loops.two();
    private final Duration time;
    private final Channel server;
    private final Channel client;

    private BareQuic(TlsCertificate certificate, Duration time) {
        this.time = time;
        server = bind(
                loops.ofListener(),
                codec(new QuicServerCodecBuilder())
                        .sslContext(QuicSslContextBuilder.forServer(
                                        certificate.privateKey(), null, certificate.certificate())
                                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                                .clientAuth(ClientAuth.REQUIRE)
                                .applicationProtocols(ALPN)
                                .build())
                        .handler(NOTHING)
                        .build());
        client = bind(
                loops.ofDialer(),
                codec(new QuicClientCodecBuilder())
                        .sslContext(QuicSslContextBuilder.forClient()
                                .keyManager(certificate.privateKey(), null, certificate.certificate())
                                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                                .endpointIdentificationAlgorithm(null)
                                .applicationProtocols(ALPN)
                                .build())
                        .build());
    }

    /** @param time how long a run lasts */
    static BareQuic start(Duration time) {
        // Its key is read from the system's randomness when it is first used, which would be on an event loop.
        QuicConnectionIdGenerator.signGenerator().newId(ByteBuffer.allocate(1), 1);
        return new BareQuic(TlsCertificate.create(KeyPair.generate(), Instant.now(), new SecureRandom()), time);
    }

    private static <B extends QuicCodecBuilder<B>> B codec(B builder) {
        return builder.maxIdleTimeout(HostPair.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .initialMaxData(WINDOW)
                .initialMaxStreamDataBidirectionalLocal(WINDOW)
                .initialMaxStreamDataBidirectionalRemote(WINDOW)
                .initialMaxStreamsBidirectional(PARALLEL);
    }

    private static Channel bind(EventLoops loops, ChannelHandler codec) {
        return new Bootstrap()
                .group(loops.connections())
                .channelFactory(loops.datagrams())
                .handler(codec)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    @Override
    public double[] run() {
        long start = System.nanoTime();
        long end = start + time.toNanos();
        List<Dialing> dialing =
                Stream.generate(() -> new Dialing(end)).limit(PARALLEL).toList();
        client.eventLoop().execute(() -> dialing.forEach(Dialing::next));
        long connections = dialing.stream().mapToLong(each -> each.all.join()).sum();
        return new double[] {connections * 1e9 / (System.nanoTime() - start)};
    }

    @Override
    public void close() {
        client.close().syncUninterruptibly();
        server.close().syncUninterruptibly();
        loops.dispose();
    }

    /** One connection after the other. On the client's thread. */
    private final class Dialing {

        final CompletableFuture<Long> all = new CompletableFuture<>();
        private final long end;
        private long connections;

        Dialing(long end) {
            this.end = end;
        }

        void next() {
            if (System.nanoTime() - end >= 0) {
                all.complete(connections);
                return;
            }
            QuicChannel.newBootstrap(client)
                    .handler(NOTHING)
                    .remoteAddress(server.localAddress())
                    .localConnectionAddress(connectionId())
                    .remoteConnectionAddress(connectionId())
                    .connect()
                    .addListener(connected -> {
                        if (!connected.isSuccess()) {
                            all.completeExceptionally(connected.cause());
                            return;
                        }
                        connections++;
                        ((QuicChannel) connected.getNow()).close().addListener(closed -> next());
                    });
        }
    }

    /** Nobody guesses them here, so no randomness of the system's is read on an event loop. */
    private static QuicConnectionAddress connectionId() {
        byte[] id = new byte[CONNECTION_ID_BYTES];
        ThreadLocalRandom.current().nextBytes(id);
        return new QuicConnectionAddress(id);
    }

    @ChannelHandler.Sharable
    private static final class Nothing extends ChannelInboundHandlerAdapter {}
}
