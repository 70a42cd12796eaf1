package io.reactivep2p.pubsub.router;

import io.reactivep2p.pubsub.PayloadCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Publishes one element after the other. The next is asked for when the one before is in the queues and at least half of those have room.
 *
 * @param <T> the payload
 */
final class PublishAll<T> implements CoreSubscriber<T>, Publication.Outcome, Disposable {

    private final Publishing publishing;
    private final String topic;
    private final PayloadCodec<T> codec;
    private final MonoSink<Void> sink;

    private volatile @Nullable Subscription upstream;
    private volatile boolean cancelled;

    // In the serial section.
    private List<PeerLink> recipients = List.of();
    private boolean underWay;
    private boolean completed;
    private boolean ended;

    PublishAll(Publishing publishing, String topic, PayloadCodec<T> codec, MonoSink<Void> sink) {
        this.publishing = publishing;
        this.topic = topic;
        this.codec = codec;
        this.sink = sink;
    }

    @Override
    public Context currentContext() {
        ContextView view = sink.contextView();
        return Context.of(view);
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(upstream, subscription)) {
            upstream = subscription;
            if (cancelled) {
                subscription.cancel();
            } else {
                subscription.request(1);
            }
        }
    }

    @Override
    public void onNext(T payload) {
        if (cancelled) {
            Operators.onNextDropped(payload, currentContext());
            return;
        }
        Publication publication;
        try {
            // Here, on the publisher's thread: signing is most of the work.
            publication = publishing.prepare(topic, codec.encode(payload), this);
        } catch (Throwable thrown) {
            Exceptions.throwIfJvmFatal(thrown);
            publishing.section().execute(() -> failed(thrown));
            return;
        }
        publishing.section().execute(() -> {
            underWay = true;
            publishing.publish(publication);
        });
    }

    @Override
    public void onError(Throwable cause) {
        publishing.section().execute(() -> {
            if (ended) {
                Operators.onErrorDropped(cause, currentContext());
            } else {
                ended = true;
                sink.error(cause);
            }
        });
    }

    @Override
    public void onComplete() {
        publishing.section().execute(() -> {
            completed = true;
            completeIfDone();
        });
    }

    @Override
    public void published(List<PeerLink> to) {
        underWay = false;
        recipients = to;
        completeIfDone();
        if (!ended) {
            publishing.awaitRoom(this);
        }
    }

    @Override
    public void failed(Throwable cause) {
        if (!ended) {
            ended = true;
            cancelUpstream();
            sink.error(cause);
        }
    }

    private void completeIfDone() {
        if (completed && !underWay && !ended) {
            ended = true;
            sink.success();
        }
    }

    /** Whether it need not wait any more, having gone on where it can. */
    boolean proceed() {
        if (ended || completed || cancelled) {
            return true;
        }
        int withRoom = 0;
        for (PeerLink link : recipients) {
            if (link.hasRoom()) {
                withRoom++;
            }
        }
        if (2 * withRoom < recipients.size()) {
            return false;
        }
        recipients = List.of();
        Subscription subscription = upstream;
        if (subscription != null) {
            subscription.request(1);
        }
        return true;
    }

    @Override
    public void dispose() {
        cancelled = true;
        cancelUpstream();
    }

    private void cancelUpstream() {
        Subscription subscription = upstream;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
