package io.reactivep2p.protocol.ping;

import static io.reactivep2p.testing.TestHosts.PATIENCE;
import static io.reactivep2p.testing.TestHosts.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.host.Host;
import io.reactivep2p.multistream.NegotiationException;
import io.reactivep2p.testing.TestHosts;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.test.StepVerifier;

class PingTest {

    @RegisterExtension
    final TestHosts hosts = new TestHosts();

    private final AtomicLong clock = new AtomicLong();
    private final Ping ping = Ping.create(new Random(7), () -> clock.addAndGet(1_000));

    @Test
    void aPingMeasuresTheTimeFromItsWriteToItsEcho() {
        Connection connection = toResponder();

        assertThat(ping.ping(connection).block(PATIENCE)).isEqualTo(Duration.ofNanos(1_000));
        assertThat(Ping.create().ping(connection).block(PATIENCE)).isPositive();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(connection.streams()).isEmpty());
    }

    @Test
    void theResponderEchoesWhateverPiecesComeInWholeMessages() {
        byte[] sent = new byte[3 * Ping.BYTES];
        new Random(1).nextBytes(sent);
        ByteArrayOutputStream echoed = new ByteArrayOutputStream();

        Connection connection = toResponder();
        ProtocolStream stream = connection.open(Ping.PROTOCOL).block(PATIENCE);
        stream.receive()
                .doOnNext(data -> echoed.writeBytes(ByteBufUtil.getBytes(data)))
                .doOnSubscribe(subscription -> stream.send(Flux.fromStream(IntStream.range(0, sent.length)
                                .mapToObj(i -> Unpooled.wrappedBuffer(new byte[] {sent[i]}))))
                        .then(stream.closeWrite())
                        .subscribe())
                .blockLast(PATIENCE);

        assertThat(echoed.toByteArray()).isEqualTo(sent);
    }

    @Test
    void anEchoInSinglePiecesIsAnEcho() {
        Connection connection = toScript(stream -> stream.send(stream.receive().concatMap(data -> {
            byte[] bytes = ByteBufUtil.getBytes(data);
            return Flux.fromStream(
                    IntStream.range(0, bytes.length).mapToObj(i -> Unpooled.wrappedBuffer(new byte[] {bytes[i]})));
        })));

        StepVerifier.create(ping.pings(connection).take(3))
                .expectNextCount(3)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void nothingIsSentThatIsNotRequested() {
        AtomicInteger received = new AtomicInteger();
        Connection connection = toScript(stream -> stream.send(stream.receive()
                .doOnNext(data -> received.addAndGet(data.readableBytes()))
                .map(ByteBuf::retain)));

        StepVerifier.create(ping.pings(connection), 0)
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(50))
                .then(() -> assertThat(received).hasValue(0))
                .thenRequest(1)
                .expectNextCount(1)
                .expectNoEvent(Duration.ofMillis(50))
                .then(() -> assertThat(received).hasValue(Ping.BYTES))
                .thenRequest(2)
                .expectNextCount(2)
                .expectNoEvent(Duration.ofMillis(50))
                .then(() -> assertThat(received).hasValue(3 * Ping.BYTES))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void cancellingClosesTheStreamInOrder() {
        AtomicReference<SignalType> end = new AtomicReference<>();
        Connection connection = toScript(
                stream -> stream.send(stream.receive().map(ByteBuf::retain).doFinally(end::set)));

        ping.pings(connection).take(2).blockLast(PATIENCE);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(end).hasValue(SignalType.ON_COMPLETE));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(connection.streams()).isEmpty());
    }

    @Test
    void aWrongEchoIsAViolationAndResetsTheStream() {
        Connection connection =
                toScript(stream -> stream.send(stream.receive().take(1).map(data -> {
                            byte[] bytes = ByteBufUtil.getBytes(data);
                            bytes[31] ^= 1;
                            return Unpooled.wrappedBuffer(bytes);
                        }))
                        .then(Mono.never()));

        StepVerifier.create(ping.pings(connection))
                .expectError(ProtocolViolationException.class)
                .verify(PATIENCE);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(connection.streams()).isEmpty());
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        responder.connections().iterator().next().streams())
                .isEmpty());
        assertThat(connection.isDisposed()).isFalse();
    }

    @Test
    void anAnswerToNoPingIsAViolation() {
        Connection connection = toScript(stream -> stream.send(Mono.just(Unpooled.wrappedBuffer(new byte[Ping.BYTES])))
                .then(Mono.never()));

        StepVerifier.create(ping.pings(connection))
                .expectError(ProtocolViolationException.class)
                .verify(PATIENCE);
    }

    @Test
    void theRemoteEndOfTheStreamIsAnError() {
        StepVerifier.create(ping.pings(toScript(stream -> Mono.empty())))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(ProtocolViolationException.class)
                        .hasMessageContaining("ended"))
                .verify(PATIENCE);
    }

    @Test
    void aResetIsPassedOn() {
        StepVerifier.create(ping.pings(toScript(stream -> Mono.error(new IllegalStateException("on purpose")))))
                .expectErrorSatisfies(error ->
                        assertThat(((StreamResetException) error).remote()).isTrue())
                .verify(PATIENCE);
    }

    @Test
    void aPeerThatDoesNotSpeakPingIsNotPinged() {
        Host other = hosts.listening();
        StepVerifier.create(ping.ping(connect(hosts.start(builder -> {}), other)))
                .expectError(NegotiationException.class)
                .verify(PATIENCE);
    }

    @Test
    void theThirdStreamOfAConnectionIsRefused() {
        Connection connection = toResponder();
        List<ProtocolStream> two = List.of(
                connection.open(Ping.PROTOCOL).block(PATIENCE),
                connection.open(Ping.PROTOCOL).block(PATIENCE));

        StepVerifier.create(connection.open(Ping.PROTOCOL).flatMapMany(ProtocolStream::receive))
                .expectError(StreamResetException.class)
                .verify(PATIENCE);
        two.forEach(stream -> stream.reset(ErrorCode.NONE));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ping.ping(connection)
                        .onErrorResume(StreamResetException.class, full -> Mono.empty())
                        .block(PATIENCE))
                .isNotNull());
    }

    private Host responder;

    private Connection toResponder() {
        responder = hosts.listening(builder -> builder.service(Ping.create()));
        return connect(hosts.start(builder -> {}), responder);
    }

    private Connection toScript(io.reactivep2p.host.ProtocolHandler script) {
        responder = hosts.listening();
        responder.handle(Ping.PROTOCOL, script);
        Connection connection = connect(hosts.start(builder -> {}), responder);
        await().atMost(PATIENCE).until(() -> !responder.connections().isEmpty());
        return connection;
    }
}
