package io.reactivep2p.pubsub.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.Libp2p;
import io.reactivep2p.host.Host;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.pubsub.Pubsub;
import io.reactivep2p.pubsub.PubsubSpec;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.stack.StandardStack;
import io.reactivep2p.testkit.HostExtension;
import io.reactivep2p.transport.memory.Memory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Hosts with pubsub, closed after each test, which fails where they leave anything behind. */
public final class PubsubNodes implements BeforeEachCallback, AfterEachCallback {

    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HostExtension hosts;
    private final BiFunction<Host, Consumer<PubsubSpec>, Pubsub> factory;
    private final List<Pubsub> open = new ArrayList<>();

    /** A host with its pubsub. */
    public record Node(Host host, Pubsub pubsub) {}

    public PubsubNodes(Supplier<HostBuilder> builders, BiFunction<Host, Consumer<PubsubSpec>, Pubsub> factory) {
        this.hosts = HostExtension.create(builders);
        this.factory = factory;
    }

    /** Of hosts in memory. */
    public static PubsubNodes inMemory(BiFunction<Host, Consumer<PubsubSpec>, Pubsub> factory) {
        return new PubsubNodes(
                () -> Libp2p.host()
                        .transport(Memory.create())
                        .security(Noise.create())
                        .muxer(Yamux.create())
                        .apply(StandardStack.services())
                        .listen("/memory/0"),
                factory);
    }

    public Node start() {
        return start(spec -> {});
    }

    public Node start(Consumer<PubsubSpec> options) {
        return join(hosts.start(), options);
    }

    /** A host without pubsub. */
    public Host startHost() {
        return hosts.start();
    }

    public Node join(Host host, Consumer<PubsubSpec> options) {
        Pubsub pubsub = factory.apply(host, options);
        open.add(pubsub);
        return new Node(host, pubsub);
    }

    public static void connect(Host from, Host to) {
        from.dial(to.fullAddresses().get(0)).block(PATIENCE);
    }

    public static void connect(Node from, Node to) {
        connect(from.host(), to.host());
        await("streams both ways", () -> assertThat(
                        from.pubsub().peers().contains(to.host().id())
                                && to.pubsub().peers().contains(from.host().id()))
                .isTrue());
    }

    public static void await(String what, Runnable assertion) {
        Awaitility.await(what)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(PATIENCE)
                .untilAsserted(assertion::run);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        hosts.beforeEach(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        open.forEach(pubsub -> pubsub.close().block(PATIENCE));
        open.clear();
        hosts.afterEach(context);
    }
}
