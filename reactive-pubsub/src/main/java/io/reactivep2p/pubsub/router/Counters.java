package io.reactivep2p.pubsub.router;

import io.reactivep2p.pubsub.PubsubStatistics;
import java.util.concurrent.atomic.LongAdder;

/** What is counted, on any thread. */
final class Counters {

    final LongAdder published = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder duplicates = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder ignored = new LongAdder();
    final LongAdder delivered = new LongAdder();
    final LongAdder lostBySubscribers = new LongAdder();
    final LongAdder lostByPeers = new LongAdder();
    final LongAdder malformedRpcs = new LongAdder();
    final LongAdder droppedParts = new LongAdder();

    PubsubStatistics snapshot() {
        return new PubsubStatistics(
                published.sum(),
                received.sum(),
                duplicates.sum(),
                rejected.sum(),
                ignored.sum(),
                delivered.sum(),
                lostBySubscribers.sum(),
                lostByPeers.sum(),
                malformedRpcs.sum(),
                droppedParts.sum());
    }
}
