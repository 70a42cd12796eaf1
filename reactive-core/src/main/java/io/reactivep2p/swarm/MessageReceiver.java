package io.reactivep2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.wire.MalformedMessageException;
import io.reactivep2p.wire.MessageCodec;
import java.util.ArrayList;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The Flux behind {@code receive(codec)}: demand in messages, turned into demand in buffers. One buffer is asked for when a message is
 * wanted and none is left, so the messages that wait are those of one buffer.
 */
final class MessageReceiver<T> extends Flux<T> {

    private final DefaultProtocolStream owner;
    private final StreamReceiver source;
    private final EventExecutor executor;
    private final MessageCodec<T> codec;

    MessageReceiver(DefaultProtocolStream owner, StreamReceiver source, EventExecutor executor, MessageCodec<T> codec) {
        this.owner = owner;
        this.source = source;
        this.executor = executor;
        this.codec = codec;
    }

    Flux<T> assembled() {
        return onAssembly(this);
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        if (executor.inEventLoop()) {
            source.subscribe(new Decoding<>(this, actual));
            return;
        }
        try {
            executor.execute(() -> source.subscribe(new Decoding<>(this, actual)));
        } catch (RejectedExecutionException loopIsGone) {
            Operators.error(actual, new ConnectionClosedException(ErrorCode.NONE, false));
        }
    }

    /** One subscription; confined to the event loop. */
    private static final class Decoding<T> implements CoreSubscriber<ByteBuf>, LoopSubscription.Demand {

        private final MessageReceiver<T> flux;
        private final LoopSubscription subscription;
        private final ArrayList<T> messages = new ArrayList<>(4);
        private @Nullable CoreSubscriber<? super T> actual;
        private MessageCodec.@Nullable Decoder<T> decoder;
        private @Nullable Subscription upstream;
        private int next;
        private long demand;
        /** A buffer was requested and has not arrived. */
        private boolean waiting;

        private boolean ended;
        private @Nullable Throwable failure;
        private boolean emitting;

        Decoding(MessageReceiver<T> flux, CoreSubscriber<? super T> actual) {
            this.flux = flux;
            this.actual = actual;
            this.subscription = new LoopSubscription(flux.executor, this);
        }

        @Override
        public Context currentContext() {
            CoreSubscriber<? super T> subscriber = actual;
            return subscriber == null ? Context.empty() : subscriber.currentContext();
        }

        @Override
        public void onSubscribe(Subscription bytes) {
            CoreSubscriber<? super T> subscriber = actual;
            if (Operators.validate(upstream, bytes) && subscriber != null) {
                upstream = bytes;
                emitting = true;
                try {
                    subscriber.onSubscribe(subscription);
                } finally {
                    emitting = false;
                }
                drain();
            }
        }

        @Override
        public void onNext(ByteBuf data) {
            if (actual == null) {
                return;
            }
            waiting = false;
            try {
                decoder().decode(data, messages);
            } catch (Throwable thrown) {
                offended(thrown);
            }
            drain();
        }

        @Override
        public void onComplete() {
            if (actual == null || ended) {
                return;
            }
            ended = true;
            try {
                decoder().end(messages);
            } catch (Throwable thrown) {
                offended(thrown);
            }
            drain();
        }

        @Override
        public void onError(Throwable cause) {
            CoreSubscriber<? super T> subscriber = actual;
            if (subscriber == null || ended) {
                Operators.onErrorDropped(cause, currentContext());
                return;
            }
            finish();
            subscription.error(subscriber, cause);
        }

        @Override
        public void requested(long n) {
            demand = Operators.addCap(demand, n);
            drain();
        }

        @Override
        public void cancelled() {
            if (actual != null) {
                finish();
                cancelUpstream();
            }
        }

        @Override
        public void misrequested(IllegalArgumentException cause) {
            CoreSubscriber<? super T> subscriber = actual;
            if (subscriber != null) {
                finish();
                cancelUpstream();
                subscriber.onError(cause);
            }
        }

        private void drain() {
            if (emitting) {
                return;
            }
            emitting = true;
            try {
                for (CoreSubscriber<? super T> subscriber = actual; subscriber != null; subscriber = actual) {
                    if (next < messages.size()) {
                        if (demand == 0) {
                            return;
                        }
                        deliver(subscriber, messages.get(next++));
                        continue;
                    }
                    messages.clear();
                    next = 0;
                    if (ended) {
                        Throwable cause = failure;
                        finish();
                        if (cause == null) {
                            subscription.complete(subscriber);
                        } else {
                            subscription.error(subscriber, cause);
                        }
                    } else if (demand == 0 || waiting || upstream == null) {
                        return;
                    } else {
                        // May call onNext before it returns; it leaves its messages to this loop.
                        waiting = true;
                        upstream.request(1);
                    }
                }
            } finally {
                emitting = false;
            }
        }

        private void deliver(CoreSubscriber<? super T> subscriber, T message) {
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            try {
                subscriber.onNext(message);
            } catch (Throwable thrown) {
                Exceptions.throwIfJvmFatal(thrown);
                Throwable cause = Operators.onOperatorError(thrown, subscriber.currentContext());
                boolean live = actual != null;
                finish();
                cancelUpstream();
                flux.owner.resetOnLoop(ErrorCode.NONE);
                if (live) {
                    subscriber.onError(cause);
                } else {
                    Operators.onErrorDropped(cause, subscriber.currentContext());
                }
            }
        }

        /**
         * The stream is reset at once. The messages before the offence are whole and are delivered first, so that what the subscriber sees
         * does not depend on how the bytes were cut.
         */
        private void offended(Throwable thrown) {
            Exceptions.throwIfJvmFatal(thrown);
            boolean malformed = thrown instanceof MalformedMessageException;
            failure = malformed
                    ? new ProtocolViolationException(flux.owner + ": " + thrown.getMessage(), thrown)
                    : Operators.onOperatorError(thrown, currentContext());
            ended = true;
            cancelUpstream();
            flux.owner.resetOnLoop(malformed ? ErrorCode.PROTOCOL_VIOLATION : ErrorCode.NONE);
        }

        private MessageCodec.Decoder<T> decoder() {
            MessageCodec.Decoder<T> known = decoder;
            if (known == null) {
                decoder = known = flux.codec.decoder();
            }
            return known;
        }

        private void cancelUpstream() {
            if (upstream != null) {
                upstream.cancel();
            }
        }

        /** Lets go of everything, the subscriber included; messages nobody will see go to the discard hook. */
        private void finish() {
            CoreSubscriber<? super T> subscriber = actual;
            actual = null;
            if (subscriber != null && next < messages.size()) {
                Operators.onDiscardMultiple(messages.subList(next, messages.size()), subscriber.currentContext());
            }
            messages.clear();
            next = 0;
            if (decoder != null) {
                decoder.close();
                decoder = null;
            }
        }
    }
}
