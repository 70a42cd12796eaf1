package io.reactivep2p.pubsub;

import io.reactivep2p.crypto.NonBlockingRandom;
import io.reactivep2p.routing.PeerDiscovery;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Sets the options that all routers have in common. */
public final class PubsubSpec {

    private SignaturePolicy signaturePolicy = SignaturePolicy.STRICT_SIGN;
    private @Nullable MessageIdFunction messageId;
    private SubscriptionFilter filter = SubscriptionFilter.ALL;
    private int maxRpcBytes = PubsubLimits.DEFAULT_MAX_RPC_BYTES;
    private int maxPeers = PubsubLimits.DEFAULT_MAX_PEERS;
    private int subscriptionsPerPeer = PubsubLimits.DEFAULT_SUBSCRIPTIONS_PER_PEER;
    private int subscriptions = PubsubLimits.DEFAULT_SUBSCRIPTIONS;
    private int queueMessages = PubsubLimits.DEFAULT_QUEUE_MESSAGES;
    private int queueBytes = PubsubLimits.DEFAULT_QUEUE_BYTES;
    private int validations = PubsubLimits.DEFAULT_VALIDATIONS;
    private int validationsPerTopic = PubsubLimits.DEFAULT_VALIDATIONS_PER_TOPIC;
    private Duration validatorTimeout = PubsubLimits.DEFAULT_VALIDATOR_TIMEOUT;
    private int seenMessages = PubsubLimits.DEFAULT_SEEN_MESSAGES;
    private Duration seenTtl = PubsubLimits.DEFAULT_SEEN_TTL;
    private @Nullable Scheduler timer;
    private LongSupplier nanoClock = System::nanoTime;
    private LongSupplier firstSequence = () -> TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    private @Nullable RandomGenerator random;
    private @Nullable Scheduler verification;
    private @Nullable PeerDiscovery discovery;

    /** With the defaults. */
    public PubsubSpec() {}

    /** What messages say of their authors, the same in the whole network; default {@link SignaturePolicy#STRICT_SIGN}. */
    public PubsubSpec signaturePolicy(SignaturePolicy policy) {
        this.signaturePolicy = policy;
        return this;
    }

    /**
     * How messages are told apart, the same in the whole network; default {@link MessageIdFunction#AUTHOR_AND_SEQNO}, and {@link
     * MessageIdFunction#SHA_256_OF_DATA} where messages have no authors.
     */
    public PubsubSpec messageId(MessageIdFunction function) {
        this.messageId = function;
        return this;
    }

    /** Which topics this node has to do with; default all. */
    public PubsubSpec filter(SubscriptionFilter subscriptionFilter) {
        this.filter = subscriptionFilter;
        return this;
    }

    /** The longest RPC in bytes, in and out, and so, less about 100 bytes, the longest message; default 1 MiB. rust reads 64 KiB. */
    public PubsubSpec maxRpcBytes(int bytes) {
        this.maxRpcBytes = bytes;
        return this;
    }

    /** How many peers may speak with us; default 4,096. */
    public PubsubSpec maxPeers(int peers) {
        this.maxPeers = peers;
        return this;
    }

    /** How many topics are remembered of one peer, default 1,024, and of all peers together, default 65,536. */
    public PubsubSpec maxSubscriptions(int perPeer, int ofAll) {
        this.subscriptionsPerPeer = perPeer;
        this.subscriptions = ofAll;
        return this;
    }

    /** How many messages wait for one peer before more are lost, default 1,024, and how many bytes of them, default 4 MiB. */
    public PubsubSpec queue(int messages, int bytes) {
        this.queueMessages = messages;
        this.queueBytes = bytes;
        return this;
    }

    /** How many messages may wait for their validators, default 8,192, and how many of one topic, default 1,024; more are ignored. */
    public PubsubSpec maxValidations(int ofAll, int perTopic) {
        this.validations = ofAll;
        this.validationsPerTopic = perTopic;
        return this;
    }

    /** How long a validator may take before its message is ignored; default 5 s. */
    public PubsubSpec validatorTimeout(Duration timeout) {
        this.validatorTimeout = timeout;
        return this;
    }

    /** How many messages are remembered as known, default 2^20, and for how long, default 120 s. */
    public PubsubSpec seen(int messages, Duration ttl) {
        this.seenMessages = messages;
        this.seenTtl = ttl;
        return this;
    }

    /** Where timers run, and work that would hold an event loop for too long; default {@link Schedulers#parallel()}. */
    public PubsubSpec timer(Scheduler scheduler) {
        this.timer = scheduler;
        return this;
    }

    /** Monotonic nanoseconds; default {@link System#nanoTime()}. */
    public PubsubSpec nanoClock(LongSupplier clock) {
        this.nanoClock = clock;
        return this;
    }

    /**
     * Asked once for the number before our first message's, which must be greater than any that this identity used; default the time in
     * nanoseconds since 1970 (go).
     */
    public PubsubSpec firstSequence(LongSupplier sequence) {
        this.firstSequence = sequence;
        return this;
    }

    /** For jitter and for what a router chooses; used by one thread at a time. */
    public PubsubSpec random(RandomGenerator generator) {
        this.random = generator;
        return this;
    }

    /**
     * Where signatures are verified while a peer's messages come faster than the thread that they come on verifies them, as many at a
     * time as there are processors to spare. Messages stay in order, and a peer that sends faster still is held up. Default {@link
     * Schedulers#parallel()}; with {@link Schedulers#immediate()} no thread verifies but the one that a message comes on. Must outlive
     * the node.
     */
    public PubsubSpec verification(Scheduler scheduler) {
        this.verification = scheduler;
        return this;
    }

    /**
     * Advertises the topics joined here, as {@code floodsub:} and the topic, and finds peers of those that have too few: of those joined,
     * and of those published to within the last minute. Peers that it finds are dialed, a few at a time; it is trusted with no more than
     * that. Default none: peers are those that the application, or the router, connects.
     */
    public PubsubSpec discovery(PeerDiscovery peerDiscovery) {
        this.discovery = peerDiscovery;
        return this;
    }

    /** What was set. */
    public PubsubOptions options() {
        MessageIdFunction ids = messageId;
        if (ids == null) {
            ids = signaturePolicy == SignaturePolicy.AUTHORLESS
                    ? MessageIdFunction.SHA_256_OF_DATA
                    : MessageIdFunction.AUTHOR_AND_SEQNO;
        }
        return new PubsubOptions(
                signaturePolicy,
                ids,
                filter,
                new PubsubLimits(
                        maxRpcBytes,
                        maxPeers,
                        subscriptionsPerPeer,
                        subscriptions,
                        queueMessages,
                        queueBytes,
                        validations,
                        validationsPerTopic,
                        validatorTimeout,
                        seenMessages,
                        seenTtl),
                timer == null ? Schedulers.parallel() : timer,
                nanoClock,
                firstSequence,
                random == null ? NonBlockingRandom.create() : random,
                verification == null ? Schedulers.parallel() : verification,
                discovery);
    }
}
