package io.reactivep2p.pubsub.router;

import io.reactivep2p.peer.PeerInfo;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * One search for the peers of a topic. Brings them into the serial section one at a time, so that a publisher with endless peers fills
 * nothing; one that emits what nobody requested has failed.
 */
final class PeerSearch extends BaseSubscriber<PeerInfo> {

    final String topic;
    private final SerialSection section;
    private final Owner owner;
    private volatile boolean isAwaiting;
    private volatile boolean isOverrun;

    /** Told in the serial section, also after a cancel. */
    interface Owner {

        /** Wants {@link #more()} or a cancel. */
        void found(PeerSearch search, PeerInfo peer);

        /** It completed or failed, or is to be cancelled since it went wrong. */
        void ended(PeerSearch search, @Nullable Throwable cause);
    }

    PeerSearch(String topic, SerialSection section, Owner owner) {
        this.topic = topic;
        this.section = section;
        this.owner = owner;
    }

    void more() {
        isAwaiting = true;
        request(1);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        more();
    }

    @Override
    protected void hookOnNext(PeerInfo peer) {
        if (isAwaiting) {
            isAwaiting = false;
            section.execute(() -> owner.found(this, peer));
        } else if (!isOverrun) {
            isOverrun = true;
            ended(new IllegalStateException("a discovery emitted more peers than were requested"));
        }
    }

    @Override
    protected void hookOnComplete() {
        ended(null);
    }

    @Override
    protected void hookOnError(Throwable cause) {
        ended(cause);
    }

    private void ended(@Nullable Throwable cause) {
        section.execute(() -> owner.ended(this, cause));
    }
}
