package io.reactivep2p.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.tcp.Tcp;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sender that writes while its channel is writable, and a reader that reads when it likes. */
class WebSocketBackpressureTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int BLOCK = 64 * 1024;
    private static final long OFFERED = 64L << 20;

    /** Socket buffers of both ends, which the kernel may double, water marks, and a read. */
    private static final long STALLS_WITHIN = 8L << 20;

    private final WebSocket webSocket = WebSocket.create(spec -> {
        TestCertificates.node(spec);
        spec.trust(TestCertificates.AUTHORITY)
                .tcp(Tcp.create(tcp -> tcp.sendBuffer(256 * 1024).receiveBuffer(256 * 1024)));
    });
    private final BlockingQueue<RawConnection> accepted = new LinkedBlockingQueue<>();

    @AfterEach
    void closeAll() {
        accepted.forEach(raw -> raw.channel().close().syncUninterruptibly());
    }

    @ParameterizedTest
    @CsvSource({"ws, true", "ws, false", "tls/ws, true", "tls/ws, false"})
    void aStalledReaderStopsTheSenderAndLosesNothing(String layers, boolean up) throws Exception {
        Listener listener = Objects.requireNonNull(webSocket
                .listen(Multiaddr.of("/ip4/127.0.0.1/tcp/0/" + layers), accepted::add)
                .block(PATIENCE));
        RawConnection near =
                Objects.requireNonNull(webSocket.dial(listener.address()).block(PATIENCE));
        RawConnection far = Objects.requireNonNull(accepted.poll(10, TimeUnit.SECONDS));
        Sender sender = new Sender();
        Reader reader = new Reader();
        Channel from = (up ? near : far).channel();
        Channel to = (up ? far : near).channel();
        to.pipeline().addLast(reader);
        from.pipeline().addLast(sender);

        long stalledAt = awaitStall(sender);
        assertThat(stalledAt).isLessThan(STALLS_WITHIN);
        assertThat(reader.received).hasValue(0);
        assertThat(from.isWritable()).isFalse();

        // One read is one read.
        to.eventLoop().submit(() -> to.read()).sync();
        await().atMost(PATIENCE).until(() -> reader.received.get() > 0);
        assertThat(reader.received.get()).isLessThan(1L << 20);

        to.config().setAutoRead(true);
        await().atMost(PATIENCE).until(() -> reader.received.get() == OFFERED);
        assertThat(sender.sent).hasValue(OFFERED);
        from.close().sync();
        to.closeFuture().await(10, TimeUnit.SECONDS);
        listener.close().block(PATIENCE);
    }

    private static long awaitStall(Sender sender) {
        long[] last = {-1};
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            long before = last[0];
            last[0] = sender.sent.get();
            return before > 0 && before == last[0];
        });
        return last[0];
    }

    private static final class Sender extends ChannelInboundHandlerAdapter {

        final AtomicLong sent = new AtomicLong();

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.executor().execute(() -> fill(ctx));
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            fill(ctx);
        }

        private void fill(ChannelHandlerContext ctx) {
            while (ctx.channel().isWritable() && sent.get() < OFFERED) {
                sent.addAndGet(BLOCK);
                ctx.writeAndFlush(ctx.alloc().ioBuffer(BLOCK).writeZero(BLOCK));
            }
        }
    }

    private static final class Reader extends ChannelInboundHandlerAdapter {

        final AtomicLong received = new AtomicLong();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            received.addAndGet(bytes.readableBytes());
            bytes.release();
        }
    }
}
