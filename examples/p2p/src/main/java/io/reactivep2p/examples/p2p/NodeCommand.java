package io.reactivep2p.examples.p2p;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.Libp2p;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.host.Host;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.protocol.echo.Echo;
import io.reactivep2p.protocol.perf.Perf;
import io.reactivep2p.stack.StandardStack;
import io.reactivep2p.transport.TransportException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** {@code p2p node} */
@Command(
        name = "node",
        description = "Listen, answer identify and ping, and tell who comes and goes, until interrupted.")
final class NodeCommand implements Callable<Integer> {

    private static final String DEFAULT_ADDRESS = "/ip4/0.0.0.0/tcp/4001";
    private static final String DEFAULT_ADDRESS_IF_POSSIBLE = "/ip6/::/tcp/4001";

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Main main;

    @Mixin
    private final KeyOption key = new KeyOption();

    @Option(
            names = "--listen",
            arity = "1..*",
            paramLabel = "ADDR",
            description = "Where to listen, for example /ip4/127.0.0.1/tcp/0 for any free port. Default: "
                    + DEFAULT_ADDRESS + ", and " + DEFAULT_ADDRESS_IF_POSSIBLE + " where the machine has IPv6.")
    private List<Multiaddr> listen = List.of();

    @Option(names = "--echo", description = "Serve /echo/1.0.0, which sends back what it receives.")
    private boolean echo;

    @Option(names = "--perf", description = "Serve /perf/1.0.0: lets anyone use up this machine's bandwidth.")
    private boolean perf;

    @Override
    public Integer call() {
        Mono<Void> interruption = main.environment().interruption().get();
        try (OpenHost node = OpenHost.start(builder())) {
            if (listen.isEmpty()) {
                listenIfPossible(node.host());
            }
            Disposable log = logConnections(node.host());
            main.console().tell(listening(node.host()));
            Mono.firstWithSignal(interruption, node.host().onDispose()).block();
            log.dispose();
        }
        return 0;
    }

    private HostBuilder builder() {
        HostBuilder builder = Libp2p.host().identity(key.load(main.console())).apply(StandardStack.defaults());
        if (echo) {
            builder.service(Echo.create());
        }
        if (perf) {
            builder.service(Perf.create());
        }
        return listen.isEmpty()
                ? builder.listen(DEFAULT_ADDRESS)
                : builder.listen(listen.stream().map(Multiaddr::toString).toArray(String[]::new));
    }

    /** Trying is the one sure way to know whether there is IPv6. */
    private static void listenIfPossible(Host host) {
        host.listen(Multiaddr.of(DEFAULT_ADDRESS_IF_POSSIBLE))
                .onErrorResume(TransportException.class, failure -> {
                    Log.LOG.debug("not listening on {}", DEFAULT_ADDRESS_IF_POSSIBLE, failure);
                    return Mono.empty();
                })
                .block();
    }

    static CliEvent listening(Host host) {
        return new CliEvent.Listening(host.id().toString(), texts(host.fullAddresses()));
    }

    static List<String> texts(List<?> values) {
        return values.stream().map(Object::toString).toList();
    }

    /** On a thread of its own: a terminal that does not scroll must not stop an event loop. */
    private Disposable logConnections(Host host) {
        return host.events().publishOn(Schedulers.boundedElastic()).subscribe(event -> {
            if (event instanceof HostEvent.ConnectionOpened opened) {
                main.console().tell(connected(opened.connection()));
            } else if (event instanceof HostEvent.ConnectionClosed closed) {
                main.console().tell(disconnected(closed));
            }
        });
    }

    private static CliEvent connected(Connection connection) {
        return new CliEvent.Connected(
                connection.remotePeer().toString(),
                connection.remoteAddress().toString(),
                connection.direction().name().toLowerCase(Locale.ROOT));
    }

    private static CliEvent disconnected(HostEvent.ConnectionClosed closed) {
        return new CliEvent.Disconnected(
                closed.connection().remotePeer().toString(),
                closed.connection().remoteAddress().toString(),
                String.valueOf(closed.cause().getMessage()));
    }

    /** Made after the command line has said how much to log. */
    private static final class Log {
        static final Logger LOG = LoggerFactory.getLogger(NodeCommand.class);
    }
}
