package io.reactivep2p.pubsub;

import io.reactivep2p.peer.PeerId;
import java.util.Set;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A host's part in publishing and subscribing. Ends with its host, or before. Methods may be called from any thread.
 */
public interface Pubsub extends Disposable {

    /** A topic of payloads that {@code codec} reads and writes. Has no effect by itself. */
    <T> Topic<T> topic(String name, PayloadCodec<T> codec);

    /** A topic of bytes. */
    default Topic<byte[]> topic(String name) {
        return topic(name, PayloadCodec.bytes());
    }

    /** The topics joined here. A snapshot. */
    Set<String> topics();

    /** The peers that speak with us. A snapshot. */
    Set<PeerId> peers();

    /**
     * What happens from now on. <b>Completion</b>: when closed. <b>Backpressure</b>: a subscriber that falls behind loses the oldest
     * events, as with those of a host.
     */
    Flux<PubsubEvent> events();

    /** Counts since the beginning. A snapshot. */
    PubsubStatistics statistics();

    /** Leaves every topic, tells the peers, and ends all streams. Completes when that is done; never fails. */
    Mono<Void> close();

    /** {@link #close()}, not waited for. */
    @Override
    void dispose();

    /** Completes when closed. */
    Mono<Void> onDispose();
}
