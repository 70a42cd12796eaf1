package io.reactivep2p.connection;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.wire.MessageCodec;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A stream that speaks one protocol: bytes both ways, each way ended on its own.
 *
 * <p><b>Credit follows demand.</b> What arrives waits in a queue that the muxer's window bounds, and the window re-opens only by
 * what the subscriber of {@link #receive()} consumed: one that requests nothing stalls the remote sender. The other way round,
 * {@link #send(Publisher)} requests from its publisher only while the remote window and the socket take more.
 *
 * <p>Three ways to end, all distinct:
 * <ul>
 *   <li><b>half-close</b>, {@link #closeWrite()}: no more data from here; the other direction goes on. The remote peer's {@code
 *       receive()} completes.
 *   <li><b>cancel</b> of the {@code receive()} subscription: no more interest in data from there. What is queued and what still
 *       arrives is dropped, the remote peer gets no more credit, and the sending direction goes on.
 *   <li><b>reset</b>, {@link #reset(ErrorCode)} or {@link #dispose()}: both directions end at once, and data in flight is lost. Both
 *       sides see {@link StreamResetException}.
 * </ul>
 *
 * <p>Methods may be called from any thread; publishers emit on the connection's event loop.
 */
public interface ProtocolStream extends Disposable {

    ProtocolId protocol();

    Connection connection();

    /** {@link Direction#OUTBOUND} where this side opened the stream. */
    Direction direction();

    /**
     * The bytes that arrive, in whatever pieces they came.
     *
     * <p>A buffer is valid during {@code onNext} and released after it; {@code retain()} it to keep it. Prefer {@link
     * #receive(MessageCodec)}, which never shows a buffer.
     *
     * <p><b>Completion</b>: the remote peer closed its write side, or ended the connection in order after it had.
     *
     * <p><b>Errors</b>: {@link StreamResetException}; {@link ConnectionClosedException}; {@code NegotiationException} on a stream that
     * was opened without waiting. A second subscriber gets {@link IllegalStateException}.
     *
     * <p><b>Backpressure</b>: one element per request; nothing is requested of the remote peer that was not consumed here.
     *
     * <p><b>Cancellation</b>: see above.
     */
    Flux<ByteBuf> receive();

    /**
     * The messages that arrive, cut and decoded by {@code codec}. As {@link #receive()}, and a malformed or oversized message ends
     * the Flux with {@link ProtocolViolationException} and resets the stream.
     */
    <T> Flux<T> receive(MessageCodec<T> codec);

    /**
     * Sends what {@code data} publishes, in order, and leaves the write side open. Buffers are released once written or dropped.
     * Sends may follow each other; while one is active a second one is refused with {@link IllegalStateException}.
     *
     * <p><b>Completion</b>: {@code data} completed and all its bytes are handed to the connection.
     *
     * <p><b>Errors</b>: those of {@code data} (the stream is then reset), {@link StreamResetException}, {@link
     * ConnectionClosedException}; {@code data} is cancelled then.
     *
     * <p><b>Backpressure</b>: requests from {@code data} while the stream is writable, a bounded number of elements ahead.
     *
     * <p><b>Cancellation</b>: cancels {@code data}; what was already taken from it is sent.
     */
    Mono<Void> send(Publisher<? extends ByteBuf> data);

    /** Encodes and sends messages. As {@link #send(Publisher)}. */
    <T> Mono<Void> send(MessageCodec<T> codec, Publisher<? extends T> messages);

    /** Sends one message. */
    <T> Mono<Void> send(MessageCodec<T> codec, T message);

    /** Half-closes: ends the sending direction after what was sent. Completes when the end is handed to the connection. */
    Mono<Void> closeWrite();

    /**
     * Ends the stream in order: {@link #closeWrite()}, and what still arrives is dropped. Completes when the end is handed to the
     * connection; never fails.
     */
    Mono<Void> close();

    /** Resets the stream: both directions end at once, here and there. */
    void reset(ErrorCode code);

    /** Resets the stream with {@link ErrorCode#NONE}. No effect on a stream that has ended. */
    @Override
    void dispose();

    /** Completes when both directions have ended, however they did. Never fails. */
    Mono<Void> onDispose();
}
