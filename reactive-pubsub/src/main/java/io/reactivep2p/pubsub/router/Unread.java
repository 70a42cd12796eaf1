package io.reactivep2p.pubsub.router;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.pubsub.wire.Subscription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was written to a stream that the peer may turn out to have dropped after the first RPC, to be said again on others. Receivers drop
 * what they have already. The first is remembered as well, since the peer may have dropped the stream for another reason.
 *
 * <p>Bounds: messages as stated below, and of subscriptions one for each topic; what is beyond is not remembered.
 */
@SansIo
final class Unread {

    /** rust-libp2p drops a stream as soon as it has read an RPC: what a peer is sent within a round trip. A choice of ours. */
    static final int MAX_MESSAGES = 256;

    /** Of their frames. A choice of ours. */
    static final int MAX_BYTES = 256 * 1024;

    /** Far above any number of topics that are joined. A choice of ours. */
    static final int MAX_TOPICS = 16_384;

    private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
    private final List<OutboundQueue.Outgoing> messages = new ArrayList<>();
    private int bytes;

    void said(Subscription subscription) {
        // To the end, as in the queue.
        subscriptions.remove(subscription.topic());
        if (subscriptions.size() < MAX_TOPICS) {
            subscriptions.put(subscription.topic(), subscription);
        }
    }

    void said(OutboundQueue.Outgoing outgoing) {
        int size = outgoing.message().frameBytes();
        if (messages.size() < MAX_MESSAGES && size <= MAX_BYTES - bytes) {
            messages.add(outgoing);
            bytes += size;
        }
    }

    /** The last word on each topic, in order. */
    Map<String, Subscription> subscriptions() {
        return subscriptions;
    }

    List<OutboundQueue.Outgoing> messages() {
        return messages;
    }
}
