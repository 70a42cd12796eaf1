package io.reactivep2p.swarm;

import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.wire.MessageCodec;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The Mono behind {@code send()}: what to send and how. Elements are {@code ByteBuf}s where there is no codec.
 *
 * @param <T> the elements
 */
final class SendMono<T> extends Mono<Void> {

    private final StreamSender sender;
    private final EventExecutor executor;
    /** {@code null} for the one {@link #message}. */
    final @Nullable Publisher<? extends T> source;

    private final @Nullable T message;
    final @Nullable MessageCodec<T> codec;

    SendMono(
            StreamSender sender,
            EventExecutor executor,
            @Nullable Publisher<? extends T> source,
            @Nullable T message,
            @Nullable MessageCodec<T> codec) {
        this.sender = sender;
        this.executor = executor;
        this.source = source;
        this.message = message;
        this.codec = codec;
    }

    Mono<Void> assembled() {
        return onAssembly(this);
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> actual) {
        if (executor.inEventLoop()) {
            sender.start(this, actual);
            return;
        }
        try {
            executor.execute(() -> sender.start(this, actual));
        } catch (RejectedExecutionException loopIsGone) {
            discard(actual.currentContext());
            Operators.error(actual, new ConnectionClosedException(ErrorCode.NONE, false));
        }
    }

    /** Whether there is at most one element and {@link #scalar()} has it at once: nothing to subscribe to. */
    boolean isScalar() {
        return source == null || source instanceof Fuseable.ScalarCallable;
    }

    /** The one element, or {@code null} for none; throws what the publisher would signal. */
    @SuppressWarnings("unchecked")
    @Nullable
    T scalar() throws Exception {
        return source == null ? message : ((Callable<T>) source).call();
    }

    /** For a send that is refused: its elements go unsent, and are released as far as it gives them away. */
    void discard(Context context) {
        Publisher<? extends T> publisher = source;
        if (publisher == null || isScalar()) {
            try {
                discard(scalar(), context);
            } catch (Exception failedAnyway) {
                // The send has its error already, and it is the more telling one.
            }
            return;
        }
        publisher.subscribe(new BaseSubscriber<T>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                subscription.cancel();
            }

            @Override
            protected void hookOnNext(T late) {
                discard(late, context);
            }

            @Override
            public Context currentContext() {
                return context;
            }
        });
    }

    /** Releases a buffer; hands a message to the discard hook. */
    void discard(@Nullable T element, Context context) {
        if (codec == null) {
            ReferenceCountUtil.safeRelease(element);
        } else {
            Operators.onDiscard(element, context);
        }
    }
}
