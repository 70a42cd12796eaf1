package io.reactivep2p.host;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.swarm.SwarmOptions;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a host is made of.
 *
 * @param listen the addresses to listen on from the start
 * @param services started in this order, before the host listens
 * @param millisClock wall-clock time in milliseconds, for the sequence numbers of peer records
 */
public record HostOptions(
        SwarmOptions swarm, List<Multiaddr> listen, List<HostService> services, LongSupplier millisClock) {

    public HostOptions {
        listen = List.copyOf(listen);
        services = List.copyOf(services);
    }
}
