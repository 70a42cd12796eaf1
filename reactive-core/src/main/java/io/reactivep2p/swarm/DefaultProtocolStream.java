package io.reactivep2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.wire.MessageCodec;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A negotiated stream as its user sees it, over the muxer's stream: a {@link StreamReceiver} and a {@link StreamSender}, which know
 * nothing of each other, and here what ends both.
 *
 * <p>State lives on the connection's event loop, in plain fields. Calls from other threads hop there, one task for any number of them; calls
 * on the loop go straight through.
 */
final class DefaultProtocolStream implements ProtocolStream, MuxedStream.Listener {

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<DefaultProtocolStream, Sinks.Empty> DISPOSAL =
            AtomicReferenceFieldUpdater.newUpdater(DefaultProtocolStream.class, Sinks.Empty.class, "disposal");

    private final Connection connection;
    private final ProtocolId protocol;
    private final MuxedStream stream;
    private final Runnable onGone;
    private final StreamReceiver receiver;
    private final StreamSender sender;

    /** Written on the event loop, before {@link #disposal} is read there: one of the two sees the other. */
    private volatile boolean gone;
    /** Made for the first who asks; few do. */
    private volatile Sinks.@Nullable Empty<Void> disposal;

    private DefaultProtocolStream(
            Connection connection,
            ProtocolId protocol,
            MuxedStream stream,
            Runnable onGone,
            ByteBufAllocator allocator) {
        this.connection = connection;
        this.protocol = protocol;
        this.stream = stream;
        this.onGone = onGone;
        this.receiver = new StreamReceiver(this, stream, allocator);
        this.sender = new StreamSender(this, stream, allocator);
    }

    /** Called on the event loop; attaches itself as the stream's listener. {@code onGone} is called once, when the stream has ended. */
    static DefaultProtocolStream create(
            Connection connection, ProtocolId protocol, MuxedStream stream, Runnable onGone) {
        return create(connection, protocol, stream, onGone, ByteBufAllocator.DEFAULT);
    }

    /** As above; copies and encoded messages come from {@code allocator}. */
    static DefaultProtocolStream create(
            Connection connection,
            ProtocolId protocol,
            MuxedStream stream,
            Runnable onGone,
            ByteBufAllocator allocator) {
        DefaultProtocolStream created = new DefaultProtocolStream(connection, protocol, stream, onGone, allocator);
        stream.attach(created);
        return created;
    }

    @Override
    public ProtocolId protocol() {
        return protocol;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public Direction direction() {
        return stream.direction();
    }

    // ---- data ----

    @Override
    public Flux<ByteBuf> receive() {
        return receiver.assembled();
    }

    @Override
    public <T> Flux<T> receive(MessageCodec<T> codec) {
        Objects.requireNonNull(codec, "codec");
        return new MessageReceiver<>(this, receiver, stream.executor(), codec).assembled();
    }

    @Override
    public Mono<Void> send(Publisher<? extends ByteBuf> data) {
        Objects.requireNonNull(data, "data");
        return new SendMono<ByteBuf>(sender, stream.executor(), data, null, null).assembled();
    }

    @Override
    public <T> Mono<Void> send(MessageCodec<T> codec, Publisher<? extends T> messages) {
        Objects.requireNonNull(codec, "codec");
        Objects.requireNonNull(messages, "messages");
        return new SendMono<T>(sender, stream.executor(), messages, null, codec).assembled();
    }

    @Override
    public <T> Mono<Void> send(MessageCodec<T> codec, T message) {
        Objects.requireNonNull(codec, "codec");
        Objects.requireNonNull(message, "message");
        return new SendMono<>(sender, stream.executor(), null, message, codec).assembled();
    }

    // ---- ends asked for ----

    @Override
    public Mono<Void> closeWrite() {
        return new LoopMono(stream.executor(), actual -> sender.closeWrite(actual, false));
    }

    @Override
    public Mono<Void> close() {
        return new LoopMono(stream.executor(), actual -> {
            receiver.close();
            sender.closeWrite(actual, true);
        });
    }

    @Override
    public void reset(ErrorCode code) {
        Objects.requireNonNull(code, "code");
        EventExecutor executor = stream.executor();
        if (executor.inEventLoop()) {
            resetOnLoop(code);
        } else if (!gone) {
            try {
                executor.execute(() -> resetOnLoop(code));
            } catch (RejectedExecutionException loopIsGone) {
                // And the stream with it.
            }
        }
    }

    @Override
    public void dispose() {
        reset(ErrorCode.NONE);
    }

    void resetOnLoop(ErrorCode code) {
        if (!gone) {
            stream.reset(code);
            fail(new StreamResetException(code, false));
        }
    }

    // ---- what the muxer tells, on the event loop ----

    @Override
    public void onData(ByteBuf data) {
        receiver.onData(data);
    }

    @Override
    public void onEnd() {
        receiver.onEnd();
    }

    @Override
    public void onError(Libp2pException cause) {
        fail(cause);
    }

    @Override
    public void onWritable() {
        if (!gone) {
            sender.onWritable();
        }
    }

    @Override
    public void onStopped(StreamResetException cause) {
        if (!gone) {
            sender.onStopped(cause);
        }
    }

    @Override
    public void onClosed() {
        if (gone) {
            return;
        }
        gone = true;
        try {
            onGone.run();
            receiver.onClosed();
        } finally {
            // In order means that our end went out, so no send is left; one started from here on is refused.
            sender.onFailure(new StreamResetException(ErrorCode.NONE, true));
            tellDisposed();
        }
    }

    private void fail(Throwable cause) {
        if (gone) {
            return;
        }
        gone = true;
        try {
            onGone.run();
            receiver.onFailure(cause);
        } finally {
            try {
                sender.onFailure(cause);
            } finally {
                tellDisposed();
            }
        }
    }

    private void tellDisposed() {
        Sinks.Empty<Void> asked = disposal;
        if (asked != null) {
            // Fails only if it has been told.
            asked.tryEmitEmpty();
        }
    }

    @Override
    public boolean isDisposed() {
        return gone;
    }

    @Override
    public Mono<Void> onDispose() {
        Sinks.Empty<Void> asked = disposal;
        if (asked == null) {
            if (gone) {
                return Mono.empty();
            }
            DISPOSAL.compareAndSet(this, null, Sinks.empty());
            asked = Objects.requireNonNull(disposal);
            if (gone) {
                asked.tryEmitEmpty();
            }
        }
        return asked.asMono();
    }

    @Override
    public String toString() {
        return protocol + " stream " + stream.id();
    }
}
