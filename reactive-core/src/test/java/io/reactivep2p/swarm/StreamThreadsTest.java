package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.testing.FakeMuxedStream;
import io.reactivep2p.testing.TrackingAllocator;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The same streams on an event loop of their own, with publishers and subscribers on other threads. */
class StreamThreadsTest {

    private static final int ELEMENTS = 20_000;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final DefaultEventExecutor loop = new DefaultEventExecutor();
    private final TrackingAllocator allocator = new TrackingAllocator();
    private final FakeMuxedStream muxed = new FakeMuxedStream(loop, Direction.INBOUND);
    private final DefaultProtocolStream stream = onLoop(() ->
            DefaultProtocolStream.create(StreamFixture.CONNECTION, StreamFixture.PROTOCOL, muxed, () -> {}, allocator));

    @AfterEach
    void nothingIsLeaked() {
        onLoop(() -> {
            stream.dispose();
            return 0;
        });
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        allocator.assertAllReleased();
    }

    private <T> T onLoop(java.util.function.Supplier<T> action) {
        return CompletableFuture.supplyAsync(action, loop).join();
    }

    @Test
    void publisherElsewhereIsSentWholeAndInOrderThroughASmallWindow() {
        Runnable[] reopen = new Runnable[1];
        reopen[0] = () -> {
            muxed.sendWindow(100);
            if (!stream.isDisposed()) {
                loop.execute(reopen[0]);
            }
        };
        onLoop(() -> {
            muxed.sendWindow(100);
            loop.execute(reopen[0]);
            return 0;
        });
        stream.send(Flux.range(0, ELEMENTS).publishOn(Schedulers.parallel()).map(i -> allocator.of(i + ",")))
                .block(LIMIT);
        String[] sent = onLoop(() -> String.join("", muxed.written())).split(",");
        assertThat(sent).hasSize(ELEMENTS);
        for (int i = 0; i < ELEMENTS; i++) {
            assertThat(sent[i]).isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void subscriberElsewhereGetsEverythingAndTheRemotePeerAllItsCredit() {
        int[] left = {ELEMENTS};
        Runnable feed = () -> {
            // As much as the window admits, like a remote peer in a hurry.
            while (left[0] > 0 && muxed.receiveWindow() >= 1_000) {
                left[0]--;
                muxed.remoteSends(allocator.zeros(1_000));
                if (left[0] == 0) {
                    muxed.remoteCloses();
                }
            }
        };
        onLoop(() -> {
            muxed.onConsumed(() -> loop.execute(feed));
            loop.execute(feed);
            return left;
        });
        Long bytes = stream.receive()
                .map(ByteBuf::readableBytes)
                .publishOn(Schedulers.parallel(), 16)
                .reduce(0L, Long::sum)
                .block(LIMIT);
        assertThat(bytes).isEqualTo(ELEMENTS * 1_000L);
        assertThat(onLoop(muxed::receiveWindow)).isEqualTo(FakeMuxedStream.DEFAULT_WINDOW);
    }
}
