package io.reactivep2p.transport.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.testing.TrackingAllocator;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.TransportException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.StepVerifier;

class MemoryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TrackingAllocator allocator = new TrackingAllocator();
    private final Memory memory = Memory.create(
            spec -> spec.pipeline(pipeline -> pipeline.channel().config().setAllocator(allocator)));
    private final BlockingQueue<RawConnection> accepted = new LinkedBlockingQueue<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final List<RawConnection> dialed = new ArrayList<>();

    @AfterEach
    void closeAll() {
        listeners.forEach(listener -> listener.close().block(PATIENCE));
        dialed.forEach(connection -> connection.channel().close().syncUninterruptibly());
        accepted.forEach(connection -> connection.channel().close().syncUninterruptibly());
        allocator.assertAllReleased();
    }

    @Test
    void dialedAndAcceptedEndKnowEachOther() throws Exception {
        Listener listener = listen("/memory/0");
        RawConnection near = dial(listener.address());
        RawConnection far = accepted();

        assertThat(near.direction()).isEqualTo(Direction.OUTBOUND);
        assertThat(far.direction()).isEqualTo(Direction.INBOUND);
        assertThat(near.remoteAddress()).isEqualTo(listener.address()).isEqualTo(far.localAddress());
        assertThat(near.localAddress()).isEqualTo(far.remoteAddress());
        assertThat(near.localAddress().toString()).startsWith("/memory/");
        assertThat(near.channel().isActive()).isTrue();
        assertThat(near.channel().config().isAutoRead()).isFalse();
        assertThat(far.channel().config().isAutoRead()).isFalse();
    }

    @Test
    void listensOnTheNumberAskedFor() throws Exception {
        Listener listener = listen("/memory/1234567");
        assertThat(listener.address()).hasToString("/memory/1234567");
        dial(Multiaddr.of("/memory/1234567/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN"));
        assertThat(accepted().localAddress()).isEqualTo(listener.address());
    }

    @Test
    void bytesArriveOnceReadingIsTurnedOn() throws Exception {
        Listener listener = listen("/memory/0");
        RawConnection near = dial(listener.address());
        RawConnection far = accepted();
        write(near, "hello");
        CompletableFuture<String> received = new CompletableFuture<>();
        far.channel().eventLoop().execute(() -> {
            far.channel().pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ByteBuf bytes = (ByteBuf) message;
                    received.complete(bytes.toString(StandardCharsets.UTF_8));
                    bytes.release();
                }
            });
            far.channel().config().setAutoRead(true);
        });
        assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
    }

    @Test
    void theSendersBufferIsNotSharedWithTheReceiver() throws Exception {
        Listener listener = listen("/memory/0");
        RawConnection near = dial(listener.address());
        RawConnection far = accepted();
        ByteBuf kept = Unpooled.copiedBuffer("secret", StandardCharsets.UTF_8);
        near.channel().writeAndFlush(kept.retainedDuplicate()).sync();
        kept.setByte(0, 'X');
        assertThat(kept.refCnt()).isEqualTo(1);
        kept.release();
        assertThat(readAll(far, 6)).isEqualTo("secret");
    }

    @Test
    void senderIsNotWritableWhileTheReceiverDoesNotRead() throws Exception {
        Listener listener = listen("/memory/0");
        RawConnection near = dial(listener.address());
        RawConnection far = accepted();
        byte[] block = new byte[64 * 1024];
        int written = 0;
        while (near.channel().isWritable() && written < 100) {
            near.channel().writeAndFlush(Unpooled.wrappedBuffer(block)).sync();
            written++;
        }
        assertThat(written).isEqualTo(5);

        CompletableFuture<Void> writable = new CompletableFuture<>();
        near.channel().pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                if (ctx.channel().isWritable()) {
                    writable.complete(null);
                }
            }
        });
        assertThat(readAll(far, written * block.length)).hasSize(written * block.length);
        writable.get(10, TimeUnit.SECONDS);
    }

    @Test
    void bytesThatNobodyReadAreReleasedOnClose() throws Exception {
        Listener listener = listen("/memory/0");
        RawConnection near = dial(listener.address());
        RawConnection far = accepted();
        write(near, "never read");
        assertThat(allocator.live()).hasSize(1);
        near.channel().close().sync();
        far.channel().closeFuture().sync();
        // Close releases in a later turn of the receiver's loop.
        far.channel().eventLoop().submit(() -> {}).sync();
        allocator.assertAllReleased();
    }

    @Test
    void nobodyListens() {
        StepVerifier.create(memory.dial(Multiaddr.of("/memory/7")))
                .expectErrorSatisfies(e -> assertThat(e)
                        .isInstanceOf(TransportException.class)
                        .hasMessage("nobody listens on /memory/7")
                        .extracting(x -> ((TransportException) x).address())
                        .isEqualTo(Multiaddr.of("/memory/7")))
                .verify(PATIENCE);
    }

    @Test
    void numberInUse() {
        Listener listener = listen("/memory/0");
        assertThatThrownBy(() -> listen(listener.address().toString()))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining(listener.address() + " is in use");
    }

    @Test
    void foreignAddressesAreRefused() {
        Multiaddr tcp = Multiaddr.of("/ip4/127.0.0.1/tcp/1");
        assertThat(memory.canDial(tcp)).isFalse();
        assertThat(memory.canListen(Multiaddr.of("/memory/1/tcp/2"))).isFalse();
        StepVerifier.create(memory.dial(tcp))
                .expectError(TransportException.class)
                .verify(PATIENCE);
        StepVerifier.create(memory.listen(tcp, accepted::add))
                .expectError(TransportException.class)
                .verify(PATIENCE);
    }

    @Test
    void acceptedConnectionsOutliveTheListener() throws Exception {
        Listener listener = listen("/memory/0");
        RawConnection near = dial(listener.address());
        RawConnection far = accepted();
        listener.dispose();
        listener.onDispose().block(PATIENCE);
        assertThat(listener.isDisposed()).isTrue();
        write(near, "still here");
        assertThat(readAll(far, 10)).isEqualTo("still here");
        StepVerifier.create(memory.dial(listener.address()))
                .expectError(TransportException.class)
                .verify(PATIENCE);
    }

    @Test
    void anAcceptorThatThrowsLosesThatConnectionOnly() throws Exception {
        List<Integer> calls = new ArrayList<>();
        Listener listener = memory.listen(Multiaddr.of("/memory/0"), connection -> {
                    calls.add(calls.size());
                    if (calls.size() == 1) {
                        throw new IllegalStateException("on purpose");
                    }
                    accepted.add(connection);
                })
                .block(PATIENCE);
        listeners.add(listener);
        dial(listener.address()).channel().closeFuture().sync();
        dial(listener.address());
        assertThat(accepted().channel().isActive()).isTrue();
    }

    @Test
    void givenLoopsAndTheHookAreUsed() throws Exception {
        EventLoopGroup loops = new DefaultEventLoopGroup(1);
        try {
            List<Channel> seen = java.util.Collections.synchronizedList(new ArrayList<>());
            Memory own = Memory.create(spec -> spec.loops(loops).pipeline(pipeline -> seen.add(pipeline.channel())));
            Listener listener =
                    own.listen(Multiaddr.of("/memory/0"), accepted::add).block(PATIENCE);
            listeners.add(listener);
            RawConnection near = own.dial(listener.address()).block(PATIENCE);
            RawConnection far = accepted();
            assertThat(seen).containsExactlyInAnyOrder(near.channel(), far.channel());
            assertThat(near.channel().eventLoop()).isSameAs(far.channel().eventLoop());
            near.channel().close().sync();
            far.channel().closeFuture().sync();
            listener.close().block(PATIENCE);
            listeners.clear();
            dialed.clear();
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void cancelledAtOnceADialIsDeliveredOrClosed() throws Exception {
        Set<Channel> made = ConcurrentHashMap.newKeySet();
        Set<Channel> delivered = ConcurrentHashMap.newKeySet();
        Memory own = Memory.create(spec -> spec.pipeline(pipeline -> made.add(pipeline.channel())));
        Listener listener = listen("/memory/0");
        for (int i = 0; i < 200; i++) {
            BaseSubscriber<RawConnection> dial = new BaseSubscriber<>() {
                @Override
                protected void hookOnNext(RawConnection connection) {
                    delivered.add(connection.channel());
                }
            };
            own.dial(listener.address()).subscribe(dial);
            dial.cancel();
        }
        for (Channel channel : made) {
            channel.eventLoop().submit(() -> {}).sync();
            if (delivered.contains(channel)) {
                channel.close().sync();
            }
            assertThat(channel.closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aDialerThatGivesUpWhileItIsAcceptedLeavesNoAcceptedConnection() throws Exception {
        EventLoopGroup accepting = new DefaultEventLoopGroup(1, (ThreadFactory) Thread::new); // whose thread may block
        try {
            Memory far = Memory.create(spec -> spec.loops(accepting));
            CompletableFuture<RawConnection> left = new CompletableFuture<>();
            Listener listener =
                    far.listen(Multiaddr.of("/memory/0"), left::complete).block(PATIENCE);
            listeners.add(listener);
            CountDownLatch busy = new CountDownLatch(1);
            accepting.execute(() -> awaitQuietly(busy));

            CompletableFuture<Channel> dialing = new CompletableFuture<>();
            Memory near = Memory.create(spec -> spec.pipeline(pipeline -> dialing.complete(pipeline.channel())));
            Disposable dial = near.dial(listener.address()).subscribe();
            Channel dialer = dialing.get(10, TimeUnit.SECONDS);
            await().atMost(PATIENCE).until(() -> dialer.localAddress() != null); // it waits in the listener's queue
            dial.dispose();
            dialer.closeFuture().sync();
            busy.countDown();

            Channel accepted = left.get(10, TimeUnit.SECONDS).channel();
            assertThat(accepted.closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
            listener.close().block(PATIENCE);
            listeners.clear();
        } finally {
            accepting.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Listener listen(String address) {
        Listener listener = memory.listen(Multiaddr.of(address), accepted::add).block(PATIENCE);
        listeners.add(listener);
        return listener;
    }

    private RawConnection dial(Multiaddr address) {
        RawConnection connection = memory.dial(address).block(PATIENCE);
        dialed.add(connection);
        return connection;
    }

    private RawConnection accepted() throws InterruptedException {
        RawConnection connection = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(connection).isNotNull();
        dialed.add(connection);
        return connection;
    }

    private static void write(RawConnection connection, String text) throws InterruptedException {
        connection
                .channel()
                .writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8))
                .sync();
    }

    private static String readAll(RawConnection connection, int length) throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        StringBuilder text = new StringBuilder();
        connection.channel().eventLoop().execute(() -> {
            connection.channel().pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ByteBuf bytes = (ByteBuf) message;
                    text.append(bytes.toString(StandardCharsets.ISO_8859_1));
                    bytes.release();
                    if (text.length() >= length) {
                        received.complete(text.toString());
                    }
                }
            });
            connection.channel().config().setAutoRead(true);
        });
        return received.get(10, TimeUnit.SECONDS);
    }
}
