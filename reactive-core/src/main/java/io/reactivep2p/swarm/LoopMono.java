package io.reactivep2p.swarm;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** A {@code Mono} that is subscribed to on the event loop, so that what it does there needs no other care for threads. */
final class LoopMono extends Mono<Void> {

    private final EventExecutor executor;
    private final Consumer<CoreSubscriber<? super Void>> start;

    LoopMono(EventExecutor executor, Consumer<CoreSubscriber<? super Void>> start) {
        this.executor = executor;
        this.start = start;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> actual) {
        if (executor.inEventLoop()) {
            start.accept(actual);
            return;
        }
        try {
            executor.execute(() -> start.accept(actual));
        } catch (RejectedExecutionException loopIsGone) {
            // Only the end of a stream is asked for this way, and with its loop the stream has ended.
            Operators.complete(actual);
        }
    }
}
