package io.reactivep2p.transport.netty;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What can be chosen about {@link DnsAddressResolver}. */
public final class DnsSpec {

    List<InetSocketAddress> servers = List.of();
    Duration queryTimeout = DnsAddressResolver.DEFAULT_QUERY_TIMEOUT;
    Duration totalTimeout = DnsAddressResolver.DEFAULT_TOTAL_TIMEOUT;
    EventLoops loops = EventLoops.shared();
    Scheduler timers = Schedulers.parallel();

    DnsSpec() {}

    /** The name servers to ask, in this order. Default: those of the operating system. */
    public DnsSpec servers(InetSocketAddress... servers) {
        this.servers = List.of(servers);
        return this;
    }

    /** How long one server may take for one question. Default: {@link DnsAddressResolver#DEFAULT_QUERY_TIMEOUT}. */
    public DnsSpec queryTimeout(Duration timeout) {
        this.queryTimeout = timeout;
        return this;
    }

    /** How long one address may take, all its questions together. Default: {@link DnsAddressResolver#DEFAULT_TOTAL_TIMEOUT}. */
    public DnsSpec totalTimeout(Duration timeout) {
        this.totalTimeout = timeout;
        return this;
    }

    /** Where the sockets live. Default: {@link EventLoops#shared()}. */
    public DnsSpec loops(EventLoops loops) {
        this.loops = loops;
        return this;
    }

    /** The clock of the total timeout. Default: {@link Schedulers#parallel()}. */
    public DnsSpec timers(Scheduler timers) {
        this.timers = timers;
        return this;
    }
}
