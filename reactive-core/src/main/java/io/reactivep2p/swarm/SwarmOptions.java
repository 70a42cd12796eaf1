package io.reactivep2p.swarm;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.event.EventHub;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.peerstore.Peerstore;
import io.reactivep2p.resource.Limits;
import io.reactivep2p.transport.AddressResolver;
import io.reactivep2p.transport.Transport;
import io.reactivep2p.upgrade.ConnectionUpgrader;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import reactor.core.scheduler.Scheduler;

/**
 * What a swarm is made of.
 *
 * @param negotiationTimeout for the protocol of one stream
 * @param nanoClock monotonic time in nanoseconds
 * @param timers where dials wait for their next step, by the same clock
 */
public record SwarmOptions(
        KeyPair identity,
        List<Transport> transports,
        ConnectionUpgrader upgrader,
        AddressResolver resolver,
        DialRanker ranker,
        Limits limits,
        Duration negotiationTimeout,
        Peerstore peerstore,
        EventHub<HostEvent> events,
        LongSupplier nanoClock,
        Scheduler timers) {

    /** 10 seconds, as go, rust and js allow. */
    public static final Duration DEFAULT_NEGOTIATION_TIMEOUT = Duration.ofSeconds(10);

    public SwarmOptions {
        transports = List.copyOf(transports);
    }
}
