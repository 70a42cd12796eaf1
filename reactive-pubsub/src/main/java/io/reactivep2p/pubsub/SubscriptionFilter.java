package io.reactivep2p.pubsub;

import java.util.Set;

/** Which topics this node has to do with; subscriptions of peers to others are not even remembered. A pure function. */
@FunctionalInterface
public interface SubscriptionFilter {

    /** Every topic, within the bounds on how many a peer may have. */
    SubscriptionFilter ALL = topic -> true;

    boolean allows(String topic);

    /** Only these. */
    static SubscriptionFilter only(String... topics) {
        return Set.of(topics)::contains;
    }
}
