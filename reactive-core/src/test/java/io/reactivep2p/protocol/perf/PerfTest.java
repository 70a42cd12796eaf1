package io.reactivep2p.protocol.perf;

import static io.reactivep2p.testing.TestHosts.PATIENCE;
import static io.reactivep2p.testing.TestHosts.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.host.Host;
import io.reactivep2p.testing.TestHosts;
import io.reactivep2p.testing.TestMuxer;
import io.reactivep2p.transport.memory.Memory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class PerfTest {

    @RegisterExtension
    final TestHosts hosts = new TestHosts();

    private final AtomicLong clock = new AtomicLong();
    private final Perf perf = Perf.create(() -> clock.addAndGet(1_000));
    /** Bytes that the server wrote to the wire. */
    private final AtomicLong onTheWire = new AtomicLong();

    private Host server;

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 1", "1, 0", "1, 65536", "65537, 65535", "3000000, 2000000"})
    void whatWasAskedForGoesUpAndComesDown(long upload, long download) {
        Connection connection = toServer();
        List<Long> up = new CopyOnWriteArrayList<>();
        List<Long> down = new CopyOnWriteArrayList<>();
        PerfListener listener = new PerfListener() {
            @Override
            public void onUploaded(long bytes) {
                up.add(bytes);
            }

            @Override
            public void onDownloaded(long bytes) {
                down.add(bytes);
            }
        };

        PerfResult result = perf.measure(connection, upload, download, listener).block(PATIENCE);

        assertThat(result.uploadedBytes()).isEqualTo(upload);
        assertThat(result.downloadedBytes()).isEqualTo(download);
        assertThat(result.uploadNanos()).isPositive();
        assertThat(result.downloadNanos()).isNotNegative();
        assertThat(up).isSorted();
        assertThat(down).isSorted();
        assertThat(up.isEmpty() ? 0 : up.get(up.size() - 1)).isEqualTo(upload);
        assertThat(down.isEmpty() ? 0 : down.get(down.size() - 1)).isEqualTo(download);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(connection.streams()).isEmpty());
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(serving()).isZero());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void aHeaderThatIsCutShortResetsTheStream(int bytes) {
        Connection connection = toServer();

        StepVerifier.create(connection.open(Perf.PROTOCOL).flatMapMany(stream -> stream.send(
                                Mono.fromSupplier(() -> Unpooled.wrappedBuffer(new byte[bytes])))
                        .then(stream.closeWrite())
                        .thenMany(stream.receive())))
                .expectErrorSatisfies(error ->
                        assertThat(((StreamResetException) error).remote()).isTrue())
                .verify(PATIENCE);
        assertThat(connection.isDisposed()).isFalse();
    }

    @Test
    void theHeaderMayComeInSinglePieces() {
        Connection connection = toServer();
        byte[] header = {0, 0, 0, 0, 0, 0, 1, 2};

        Long received = connection
                .open(Perf.PROTOCOL)
                .flatMap(stream -> stream.send(
                                Flux.range(0, 8).map(i -> Unpooled.wrappedBuffer(new byte[] {header[i]})))
                        .then(stream.closeWrite())
                        .then(stream.receive().map(ByteBuf::readableBytes).reduce(0L, Long::sum)))
                .block(PATIENCE);

        assertThat(received).isEqualTo(0x102);
    }

    @Test
    void theServerSendsNothingBeforeTheClientHasEnded() {
        Connection connection = toServer();
        ProtocolStream stream = connection.open(Perf.PROTOCOL).block(PATIENCE);
        stream.send(Mono.fromSupplier(() -> Unpooled.buffer().writeLong(1_000).writeZero(5_000)))
                .block(PATIENCE);

        StepVerifier.create(stream.receive().map(ByteBuf::readableBytes).reduce(0, Integer::sum))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(100))
                .then(() -> stream.closeWrite().subscribe())
                .expectNext(1_000)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void aDownloadWithoutEndStopsWhenItIsCancelled() {
        Connection connection = toServer();
        AtomicLong down = new AtomicLong();
        PerfListener listener = new PerfListener() {
            @Override
            public void onDownloaded(long bytes) {
                down.set(bytes);
            }
        };

        Disposable running = perf.measure(connection, 0, -1, listener).subscribe();
        await().atMost(PATIENCE).until(() -> down.get() > 2_000_000);
        running.dispose();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(serving()).isZero());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(connection.streams()).isEmpty());
        assertThat(connection.isDisposed()).isFalse();
    }

    @Test
    void aDownloaderWhoDoesNotReadStallsTheServer() {
        Connection connection = toServer();
        ProtocolStream stream = connection.open(Perf.PROTOCOL).block(PATIENCE);
        stream.send(Mono.fromSupplier(() -> Unpooled.buffer().writeLong(-1))).block(PATIENCE);
        long before = onTheWire.get();
        stream.closeWrite().block(PATIENCE);

        AtomicLong received = new AtomicLong();
        StepVerifier.create(
                        stream.receive()
                                .doOnNext(data -> received.addAndGet(data.readableBytes()))
                                .then(),
                        0)
                .expectSubscription()
                .thenCancel()
                .verify(PATIENCE);
        await().during(Duration.ofMillis(100)).atMost(PATIENCE).until(() -> true);

        // The window and the frames' headers, however long it waits.
        assertThat(onTheWire.get() - before).isLessThan(2L * TestMuxer.DEFAULT_WINDOW);
        stream.dispose();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(serving()).isZero());
    }

    @Test
    void anotherNumberOfBytesThanAskedForIsAViolation() {
        for (int sent : new int[] {0, 99, 101}) {
            Connection connection = toScript(stream -> stream.receive()
                    .then(stream.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(new byte[sent])))));
            StepVerifier.create(perf.measure(connection, 10, 100, PerfListener.NONE))
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOf(ProtocolViolationException.class)
                            .hasMessageContaining("100")
                            .hasMessageContaining(Integer.toString(sent)))
                    .verify(PATIENCE);
        }
    }

    @Test
    void aServerThatNeverEndsIsNotListenedToForEver() {
        Connection connection = toScript(stream -> stream.receive().then(stream.send(Perf.zeros(-1, sent -> {}))));

        StepVerifier.create(perf.measure(connection, 0, 100, PerfListener.NONE))
                .expectError(ProtocolViolationException.class)
                .verify(PATIENCE);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(serving()).isZero());
    }

    private int serving() {
        return server.connections().stream().mapToInt(c -> c.streams().size()).sum();
    }

    private Connection toServer() {
        Memory counted =
                Memory.create(spec -> spec.pipeline(pipeline -> pipeline.addLast(new ChannelOutboundHandlerAdapter() {
                    @Override
                    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                        onTheWire.addAndGet(((ByteBuf) message).readableBytes());
                        ctx.write(message, promise);
                    }
                })));
        server = hosts.start(counted, builder -> builder.listen("/memory/0").service(Perf.create()));
        return connect(hosts.start(builder -> {}), server);
    }

    private Connection toScript(io.reactivep2p.host.ProtocolHandler script) {
        server = hosts.listening();
        server.handle(Perf.PROTOCOL, script);
        return connect(hosts.start(builder -> {}), server);
    }
}
