package io.reactivep2p.testing;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.Libp2p;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.host.Host;
import io.reactivep2p.transport.Transport;
import io.reactivep2p.transport.memory.Memory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Whole hosts over memory, without encryption, closed after each test. */
public final class TestHosts implements AfterEachCallback {

    /** How long a test waits for what should come at once. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Deque<Host> hosts = new ArrayDeque<>();

    /** A host that listens on an address of its own. */
    public Host listening(Consumer<HostBuilder> configuration) {
        return start(builder -> {
            builder.listen("/memory/0");
            configuration.accept(builder);
        });
    }

    public Host listening() {
        return listening(builder -> {});
    }

    public Host start(Consumer<HostBuilder> configuration) {
        return start(Memory.create(), configuration);
    }

    /** A host over a transport of the test's. */
    public Host start(Transport transport, Consumer<HostBuilder> configuration) {
        HostBuilder builder = Libp2p.host()
                .transport(transport)
                .security(PlainTestSecurity.create())
                .muxer(TestMuxer.create());
        configuration.accept(builder);
        Host host = builder.startNow();
        hosts.push(host);
        return host;
    }

    public static Connection connect(Host from, Host to) {
        return from.dial(to.fullAddresses().get(0)).block(PATIENCE);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        while (!hosts.isEmpty()) {
            hosts.pop().close().block(PATIENCE);
        }
    }
}
