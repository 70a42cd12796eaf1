package io.reactivep2p.pubsub;

import java.time.Duration;

/**
 * How much a {@link Pubsub} grants, to peers and to its own application. Whatever goes over is dropped and counted, or refused.
 *
 * @param maxRpcBytes of one RPC, without its length prefix; a longer one from a peer resets its stream
 * @param maxPeers peers that speak with us at the same time
 * @param subscriptionsPerPeer topics remembered of one peer
 * @param subscriptions topics remembered of all peers together, counted for each peer
 * @param queueMessages messages that wait for one peer
 * @param queueBytes their bytes
 * @param validations messages whose validators have not all answered
 * @param validationsPerTopic such messages of one topic
 * @param validatorTimeout how long a validator may take
 * @param seenMessages ids of messages that are remembered
 * @param seenTtl for how long
 */
public record PubsubLimits(
        int maxRpcBytes,
        int maxPeers,
        int subscriptionsPerPeer,
        int subscriptions,
        int queueMessages,
        int queueBytes,
        int validations,
        int validationsPerTopic,
        Duration validatorTimeout,
        int seenMessages,
        Duration seenTtl) {

    /** 1 MiB (go, jvm). */
    public static final int DEFAULT_MAX_RPC_BYTES = 1 << 20;

    /** A choice of ours, above the default limit on connections. */
    public static final int DEFAULT_MAX_PEERS = 4_096;

    /** A choice of ours; js-libp2p reads at most 5,000 in one RPC. */
    public static final int DEFAULT_SUBSCRIPTIONS_PER_PEER = 1_024;

    /** A choice of ours: some MiB of heap. */
    public static final int DEFAULT_SUBSCRIPTIONS = 65_536;

    /** A choice of ours; go-libp2p-pubsub has 32, rust-libp2p 5,000. */
    public static final int DEFAULT_QUEUE_MESSAGES = 1_024;

    /** A choice of ours: 4 MiB. */
    public static final int DEFAULT_QUEUE_BYTES = 4 << 20;

    /** 8,192 (go). */
    public static final int DEFAULT_VALIDATIONS = 8_192;

    /** 1,024 (go). */
    public static final int DEFAULT_VALIDATIONS_PER_TOPIC = 1_024;

    /** A choice of ours; go has no limit unless told. */
    public static final Duration DEFAULT_VALIDATOR_TIMEOUT = Duration.ofSeconds(5);

    /** 2^20: more than a minute of 15,000 messages a second. A choice of ours. */
    public static final int DEFAULT_SEEN_MESSAGES = 1 << 20;

    /** 120 s (specification, go, js). */
    public static final Duration DEFAULT_SEEN_TTL = Duration.ofSeconds(120);

    public PubsubLimits {
        if (maxRpcBytes < 1
                || maxPeers < 1
                || subscriptionsPerPeer < 1
                || subscriptions < 1
                || queueMessages < 1
                || queueBytes < 1
                || validations < 1
                || validationsPerTopic < 1
                || seenMessages < 1) {
            throw new IllegalArgumentException("a limit is at least 1");
        }
        if (validatorTimeout.isNegative() || validatorTimeout.isZero() || seenTtl.isNegative() || seenTtl.isZero()) {
            throw new IllegalArgumentException("a time limit is longer than nothing");
        }
    }

    public static PubsubLimits defaults() {
        return new PubsubLimits(
                DEFAULT_MAX_RPC_BYTES,
                DEFAULT_MAX_PEERS,
                DEFAULT_SUBSCRIPTIONS_PER_PEER,
                DEFAULT_SUBSCRIPTIONS,
                DEFAULT_QUEUE_MESSAGES,
                DEFAULT_QUEUE_BYTES,
                DEFAULT_VALIDATIONS,
                DEFAULT_VALIDATIONS_PER_TOPIC,
                DEFAULT_VALIDATOR_TIMEOUT,
                DEFAULT_SEEN_MESSAGES,
                DEFAULT_SEEN_TTL);
    }
}
