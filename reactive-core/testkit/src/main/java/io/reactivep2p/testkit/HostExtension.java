package io.reactivep2p.testkit;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.host.Host;
import io.reactivep2p.testkit.guard.DroppedErrors;
import io.reactivep2p.testkit.guard.LeakLog;
import io.reactivep2p.testkit.guard.LiveTimers;
import io.reactivep2p.testkit.guard.TestRunGuard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Hosts for one test. After it they are closed, and the test fails where it left something behind: open streams (before the hosts
 * close), open connections, live timers, leaked buffers, errors that nobody heard. Where {@link TestRunGuard} looks for leaked buffers after
 * each class, they are not looked for after each test as well: each look takes two full garbage collections.
 *
 * <pre>{@code
 * @RegisterExtension
 * final HostExtension hosts = HostExtension.create(() -> Libp2p.host().apply(StandardStack.defaults()).listen("/ip4/127.0.0.1/tcp/0"));
 *
 * @Test
 * void talks() {
 *     Host alice = hosts.start();
 *     Host bob = hosts.start();
 * }
 * }</pre>
 */
public final class HostExtension implements BeforeEachCallback, AfterEachCallback {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Supplier<HostBuilder> builders;
    private final List<Host> hosts = new ArrayList<>();
    private boolean streamsMayStayOpen;

    private HostExtension(Supplier<HostBuilder> builders) {
        this.builders = builders;
        LeakLog.install();
        LiveTimers.install();
    }

    /** @param builders a new builder for each host */
    public static HostExtension create(Supplier<HostBuilder> builders) {
        return new HostExtension(builders);
    }

    /** Starts a host. Blocks. */
    public Host start() {
        return start(builder -> {});
    }

    /** Starts a host with something of its own. Blocks. */
    public Host start(Consumer<? super HostBuilder> more) {
        return adopt(builders.get().apply(more::accept).startNow());
    }

    /** Takes charge of a host that the test has made. */
    public Host adopt(Host host) {
        hosts.add(host);
        return host;
    }

    /** For a test of what becomes of streams when their host closes. */
    public void leaveStreamsOpen() {
        streamsMayStayOpen = true;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        streamsMayStayOpen = false;
        DroppedErrors.install();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<String> faults = new ArrayList<>();
        if (!streamsMayStayOpen) {
            awaitNone("open streams", this::openStreams, faults);
        }
        for (Host host : hosts) {
            host.close().block(PATIENCE);
        }
        awaitNone("open connections after close()", this::openConnections, faults);
        hosts.clear();
        awaitNone("live timers", LiveTimers::list, faults);
        List<Throwable> dropped = DroppedErrors.take();
        report("errors that reached no subscriber", dropped, faults);
        if (!TestRunGuard.isInstalled()) {
            report("leaked buffers", LeakLog.collect(), faults);
        }
        if (!faults.isEmpty()) {
            AssertionError failure =
                    new AssertionError(context.getDisplayName() + " left behind:\n" + String.join("\n", faults));
            dropped.forEach(failure::addSuppressed);
            throw failure;
        }
    }

    private List<ProtocolStream> openStreams() {
        return hosts.stream()
                .flatMap(host -> host.connections().stream())
                .flatMap(connection -> connection.streams().stream())
                .toList();
    }

    private List<Connection> openConnections() {
        return hosts.stream().flatMap(host -> host.connections().stream()).toList();
    }

    /** What ends, ends on event loops: gives it a moment. */
    private static void awaitNone(String what, Supplier<? extends List<?>> remaining, List<String> faults) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        List<?> left = remaining.get();
        while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            left = remaining.get();
        }
        report(what, left, faults);
    }

    private static void report(String what, List<?> left, List<String> faults) {
        if (!left.isEmpty()) {
            faults.add(what + ": " + left);
        }
    }
}
