package io.reactivep2p;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.event.EventHub;
import io.reactivep2p.host.DefaultHost;
import io.reactivep2p.host.Host;
import io.reactivep2p.host.HostOptions;
import io.reactivep2p.host.HostService;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedTransport;
import io.reactivep2p.muxer.StreamMuxer;
import io.reactivep2p.peerstore.Peerstore;
import io.reactivep2p.resource.Limits;
import io.reactivep2p.security.Protector;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.swarm.DialRanker;
import io.reactivep2p.swarm.SwarmOptions;
import io.reactivep2p.transport.AddressResolver;
import io.reactivep2p.transport.Transport;
import io.reactivep2p.upgrade.ConnectionUpgrader;
import io.reactivep2p.upgrade.UpgraderOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Puts a host together. Options of a component are set where the component is made, for example {@code Yamux.create(spec -> ...)}; a
 * preset such as {@code StandardStack.defaults()} sets several components at once through {@link #apply}.
 */
public final class HostBuilder {

    /** The environment variable which, set to 1, keeps a host from starting outside of a private network; as in go and js. */
    static final String FORCE_PRIVATE_NETWORK = "LIBP2P_FORCE_PNET";

    private final Function<String, @Nullable String> environment;
    private final List<Transport> transports = new ArrayList<>();
    private final List<SecureChannel> securities = new ArrayList<>();
    private final List<StreamMuxer> muxers = new ArrayList<>();
    private final List<HostService> services = new ArrayList<>();
    private final List<String> listen = new ArrayList<>();
    private @Nullable KeyPair identity;
    private @Nullable Peerstore peerstore;
    private @Nullable Protector privateNetwork;
    private AddressResolver resolver = AddressResolver.NONE;
    private DialRanker ranker = DialRanker.STANDARD;
    private Limits limits = Limits.defaults();

    /** @param environment the values of environment variables, {@code null} for one that is not set */
    HostBuilder(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /** Who the host is; a new Ed25519 identity if not said. */
    public HostBuilder identity(KeyPair key) {
        this.identity = key;
        return this;
    }

    /** Adds a way to reach peers; the first that fits an address is taken. */
    public HostBuilder transport(Transport transport) {
        transports.add(transport);
        return this;
    }

    /** Adds a secure channel, after those preferred to it. */
    public HostBuilder security(SecureChannel security) {
        securities.add(security);
        return this;
    }

    /** Adds a stream muxer, after those preferred to it. */
    public HostBuilder muxer(StreamMuxer muxer) {
        muxers.add(muxer);
        return this;
    }

    /** Adds something that the host does: identify, ping, a protocol of your own. */
    public HostBuilder service(HostService service) {
        services.add(service);
        return this;
    }

    /** Addresses to listen on, for example {@code /ip4/0.0.0.0/tcp/4001}. Without any the host only dials. */
    public HostBuilder listen(String... addresses) {
        listen.addAll(List.of(addresses));
        return this;
    }

    /** How names in addresses are resolved; without it they are not. */
    public HostBuilder resolver(AddressResolver addressResolver) {
        this.resolver = addressResolver;
        return this;
    }

    /** In which order and how far apart a peer's addresses are tried; {@link DialRanker#STANDARD} if not said. */
    public HostBuilder ranker(DialRanker dialRanker) {
        this.ranker = dialRanker;
        return this;
    }

    /** How much the host grants. */
    public HostBuilder limits(Limits granted) {
        this.limits = granted;
        return this;
    }

    /** Where knowledge of peers is kept; in memory if not said. */
    public HostBuilder peerstore(Peerstore store) {
        this.peerstore = store;
        return this;
    }

    /**
     * Keeps the host within a private network: it connects to members only. Transports that bring their own security, as QUIC does,
     * cannot be had then. With {@code LIBP2P_FORCE_PNET=1} in the environment a host does not start without.
     */
    public HostBuilder privateNetwork(Protector protector) {
        this.privateNetwork = protector;
        return this;
    }

    /** Applies a preset. */
    public HostBuilder apply(Consumer<? super HostBuilder> preset) {
        preset.accept(this);
        return this;
    }

    /**
     * Starts the host.
     *
     * <p><b>Completion</b>: when it listens on every address. <b>Errors</b>: {@code TransportException} where an address cannot be bound;
     * {@link IllegalArgumentException} for a malformed address; {@link IllegalStateException} where a part is missing, or does not go with a private network.
     */
    public Mono<Host> start() {
        return Mono.defer(() -> DefaultHost.start(options()));
    }

    /** Starts the host and waits for it: for {@code main} methods and tests. Blocks. Throws what {@link #start()} would signal. */
    public Host startNow() {
        try {
            return start().toFuture().join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                cause.addSuppressed(failed); // says who waited
                throw cause;
            }
            throw failed;
        }
    }

    private HostOptions options() {
        if (transports.isEmpty() || securities.isEmpty() || muxers.isEmpty()) {
            throw new IllegalStateException(
                    "a host needs a transport, a secure channel and a stream muxer; apply StandardStack.defaults() or add them");
        }
        requirePrivacy();
        KeyPair key = identity == null ? KeyPair.generate() : identity;
        Peerstore store = peerstore == null ? Peerstore.inMemory() : peerstore;
        SwarmOptions swarm = new SwarmOptions(
                key,
                transports,
                ConnectionUpgrader.create(
                        key,
                        List.copyOf(securities),
                        List.copyOf(muxers),
                        new UpgraderOptions(UpgraderOptions.DEFAULT_TIMEOUT, privateNetwork)),
                resolver,
                ranker,
                limits,
                SwarmOptions.DEFAULT_NEGOTIATION_TIMEOUT,
                store,
                new EventHub<>(),
                System::nanoTime,
                Schedulers.parallel());
        return new HostOptions(swarm, listen.stream().map(Multiaddr::of).toList(), services, System::currentTimeMillis);
    }

    private void requirePrivacy() {
        if (privateNetwork == null) {
            if ("1".equals(environment.apply(FORCE_PRIVATE_NETWORK))) {
                throw new IllegalStateException("this host is in no private network, and the environment demands one ("
                        + FORCE_PRIVATE_NETWORK + "=1); set privateNetwork(...)");
            }
            return;
        }
        for (Transport transport : transports) {
            if (transport instanceof MuxedTransport) {
                throw new IllegalStateException("the transport "
                        + transport.getClass().getSimpleName()
                        + " brings its own security, so it cannot be used in a private network; leave it out");
            }
        }
    }
}
