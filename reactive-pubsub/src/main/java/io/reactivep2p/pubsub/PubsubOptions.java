package io.reactivep2p.pubsub;

import io.reactivep2p.routing.PeerDiscovery;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * What every router's {@link Pubsub} has in common. Made with a {@link PubsubSpec}.
 *
 * @param signaturePolicy what messages say of their authors
 * @param messageId how messages are told apart
 * @param filter which topics this node has to do with
 * @param limits how much is granted
 * @param timer runs timers, and work that would hold an event loop for too long
 * @param nanoClock monotonic nanoseconds
 * @param firstSequence the number before our first message's
 * @param random for jitter and for what a router chooses
 * @param verification where signatures are verified while messages come faster than the thread that they come on verifies them
 * @param discovery finds the peers of topics; {@code null} for none
 */
public record PubsubOptions(
        SignaturePolicy signaturePolicy,
        MessageIdFunction messageId,
        SubscriptionFilter filter,
        PubsubLimits limits,
        Scheduler timer,
        LongSupplier nanoClock,
        LongSupplier firstSequence,
        RandomGenerator random,
        Scheduler verification,
        @Nullable PeerDiscovery discovery) {

    public static PubsubOptions defaults() {
        return new PubsubSpec().options();
    }
}
