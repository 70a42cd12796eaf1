package io.reactivep2p.testkit.sim;

import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.event.EventHub;
import io.reactivep2p.host.DefaultHost;
import io.reactivep2p.host.Host;
import io.reactivep2p.host.HostOptions;
import io.reactivep2p.host.HostService;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.peerstore.Peerstore;
import io.reactivep2p.protocol.identify.Identify;
import io.reactivep2p.protocol.identify.IdentifyOptions;
import io.reactivep2p.resource.Limits;
import io.reactivep2p.swarm.DialRanker;
import io.reactivep2p.swarm.SwarmOptions;
import io.reactivep2p.transport.AddressResolver;
import io.reactivep2p.upgrade.ConnectionUpgrader;
import io.reactivep2p.upgrade.UpgraderOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A network in memory on virtual time; see the package. Belongs to the thread that made it. Nothing happens but while {@link #run} or
 * {@link #runUntil} runs.
 *
 * <pre>{@code
 * try (SimNetwork network = SimNetwork.create(spec -> spec.seed(7).loss(0.05))) {
 *     Host alice = network.host();
 *     Host bob = network.host();
 *     network.connect(alice, bob);
 *     network.run(Duration.ofMinutes(5));
 * }
 * }</pre>
 */
public final class SimNetwork implements AutoCloseable {

    /** 2026-01-01T00:00:00Z: where the wall clock of every network begins. */
    private static final long EPOCH_MILLIS = 1_767_225_600_000L;

    private static final Duration GOODBYE = Duration.ofSeconds(30);

    private final SimOptions options;
    private final Random random;
    private double loss;
    private final SimExecutor executor = new SimExecutor();
    private final Scheduler scheduler = Schedulers.fromExecutorService(executor, "sim");
    private final List<Host> hosts = new ArrayList<>();
    private final Map<Multiaddr, SimTransport.SimListener> listeners = new LinkedHashMap<>();
    private final Set<SimConnection> connections = new LinkedHashSet<>();
    private Map<Multiaddr, Integer> parts = Map.of();
    private int made;

    private SimNetwork(SimOptions options) {
        this.options = options;
        this.loss = options.loss();
        this.random = new Random(options.seed());
    }

    public static SimNetwork create(Consumer<? super SimSpec> spec) {
        SimSpec said = new SimSpec();
        spec.accept(said);
        return new SimNetwork(said.build());
    }

    /** A host that listens and identifies itself, at an IP address of its own. */
    public Host host(HostService... services) {
        byte[] seed = new byte[32];
        random.nextBytes(seed);
        return host(KeyPair.ofSeed(seed), services);
    }

    /** As {@link #host(HostService...)}, with an identity. */
    public Host host(KeyPair identity, HostService... services) {
        int number = made++;
        return host(
                identity,
                Multiaddr.of("/ip4/10." + (number >> 16 & 0xff) + '.' + (number >> 8 & 0xff) + '.' + (number & 0xff)
                        + "/tcp/4001"),
                services);
    }

    /** As {@link #host(KeyPair, HostService...)}, at an address that several hosts may share but for the port. */
    public Host host(KeyPair identity, Multiaddr address, HostService... services) {
        List<HostService> all = new ArrayList<>();
        all.add(Identify.create(IdentifyOptions.defaults(), scheduler));
        all.addAll(List.of(services));
        SwarmOptions swarm = new SwarmOptions(
                identity,
                List.of(new SimTransport(this, address)),
                ConnectionUpgrader.create(
                        identity,
                        List.of(NoLayers.SECURITY),
                        List.of(NoLayers.MUXER),
                        new UpgraderOptions(UpgraderOptions.DEFAULT_TIMEOUT, null)),
                AddressResolver.NONE,
                DialRanker.STANDARD,
                Limits.defaults(),
                SwarmOptions.DEFAULT_NEGOTIATION_TIMEOUT,
                Peerstore.inMemory(),
                new EventHub<>(),
                executor::now,
                scheduler);
        Host[] started = new Host[1];
        DefaultHost.start(new HostOptions(swarm, List.of(address), all, this::millis))
                .subscribe(host -> started[0] = host);
        executor.settle();
        if (started[0] == null) {
            throw new IllegalStateException("the host at " + address + " did not start at once");
        }
        hosts.add(started[0]);
        return started[0];
    }

    /** Begins to dial; whether it comes to something shows later. */
    public void connect(Host from, Host to) {
        from.dial(new PeerInfo(to.id(), to.addresses()))
                .onErrorResume(failed -> Mono.empty())
                .subscribe();
    }

    /** Connects each host to some random others, so that every one has at least {@code degree}. Deterministic for the seed. */
    public void connectRandomly(List<Host> all, int degree) {
        for (Host host : all) {
            Set<Host> others = new LinkedHashSet<>();
            while (others.size() < Math.min(degree, all.size() - 1)) {
                Host other = all.get(random.nextInt(all.size()));
                if (other != host) {
                    others.add(other);
                }
            }
            others.forEach(other -> connect(host, other));
        }
    }

    /** Cuts the network into the given parts and the rest: connections between them break, and dials fail. */
    @SafeVarargs
    public final void partition(Collection<Host>... groups) {
        Map<Multiaddr, Integer> assigned = new LinkedHashMap<>();
        for (int part = 0; part < groups.length; part++) {
            for (Host host : groups[part]) {
                for (Multiaddr address : host.addresses()) {
                    assigned.put(address, part + 1);
                }
            }
        }
        parts = assigned;
        for (SimConnection connection : List.copyOf(connections)) {
            if (apart(connection.localAddress(), connection.remoteAddress())) {
                connection.cut();
            }
        }
    }

    /** From now on so much is lost; see {@link SimSpec#loss}. */
    public void lose(double likelihood) {
        if (!(likelihood >= 0 && likelihood <= 1)) {
            throw new IllegalArgumentException("a loss of " + likelihood + "; expected 0 to 1");
        }
        loss = likelihood;
    }

    /** Makes the network whole again; nobody is connected by that. */
    public void heal() {
        parts = Map.of();
    }

    /** Lets time go by. */
    public void run(Duration time) {
        executor.run(time, () -> false);
    }

    /** Lets time go by until {@code condition} holds; {@code false} where it did not within {@code limit}. */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        executor.run(limit, condition);
        return condition.getAsBoolean();
    }

    /** Where everything runs: the event loop of every connection. */
    public EventExecutor executor() {
        return executor;
    }

    /** The same for operators and timers. */
    public Scheduler scheduler() {
        return scheduler;
    }

    /** Virtual time in nanoseconds since the network was made. */
    public long nanoTime() {
        return executor.now();
    }

    /** Virtual wall-clock time. */
    public long millis() {
        return EPOCH_MILLIS + TimeUnit.NANOSECONDS.toMillis(executor.now());
    }

    /** Randomness of its own for a part of the scenario; what is drawn from it changes nothing elsewhere. */
    public RandomGenerator randomness() {
        return new Random(random.nextLong());
    }

    /** The hosts made so far, closed ones included. */
    public List<Host> hosts() {
        return List.copyOf(hosts);
    }

    /** Closes all hosts and lets their goodbyes arrive. */
    @Override
    public void close() {
        hosts.forEach(Host::dispose);
        run(GOODBYE);
        executor.shutdownGracefully();
    }

    SimLink link() {
        long min = options.minLatency().toNanos();
        long max = options.maxLatency().toNanos();
        return new SimLink(min == max ? min : random.nextLong(min, max + 1), options.bandwidth());
    }

    boolean loses() {
        return loss > 0 && random.nextDouble() < loss;
    }

    void listens(SimTransport.SimListener listener) {
        listeners.put(listener.address(), listener);
    }

    void silent(SimTransport.SimListener listener) {
        listeners.remove(listener.address(), listener);
    }

    SimTransport.@Nullable SimListener listener(Multiaddr from, Multiaddr to) {
        return apart(from, to) ? null : listeners.get(to);
    }

    private boolean apart(Multiaddr one, Multiaddr other) {
        return !parts.getOrDefault(one, 0).equals(parts.getOrDefault(other, 0));
    }

    void opened(SimConnection dialer) {
        connections.add(dialer);
    }

    void closed(SimConnection end) {
        connections.remove(end);
    }
}
