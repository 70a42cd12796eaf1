package io.reactivep2p.examples.p2p;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.Libp2p;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.crypto.KeyPair;
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

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Main main;

    @Mixin
    private final KeyOption key = new KeyOption();

    @Mixin
    private final RoadOptions roads = new RoadOptions();

    @Mixin
    private final ListenOptions listen = new ListenOptions();

    @Option(names = "--echo", description = "Serve /echo/1.0.0, which sends back what it receives.")
    private boolean echo;

    @Option(names = "--perf", description = "Serve /perf/1.0.0: lets anyone use up this machine's bandwidth.")
    private boolean perf;

    @Override
    public Integer call() {
        Mono<Void> interruption = main.environment().interruption().get();
        try (OpenHost node = OpenHost.start(builder())) {
            listen.ifPossible(!roads.isPrivate()).forEach(address -> listenIfPossible(node.host(), address));
            Disposable log = logConnections(node.host());
            main.console().tell(listening(node.host()));
            Mono.firstWithSignal(interruption, node.host().onDispose()).block();
            log.dispose();
        }
        return 0;
    }

    private HostBuilder builder() {
        KeyPair identity = key.load(main.console());
        HostBuilder builder = Libp2p.host()
                .identity(identity)
                .apply(roads.stack(spec -> listen.apply(spec, identity)))
                .apply(StandardStack.services());
        if (echo) {
            builder.service(Echo.create());
        }
        if (perf) {
            builder.service(Perf.create());
        }
        return builder.listen(listen.required());
    }

    /** Trying is the one sure way to know whether there is IPv6, or QUIC. */
    private static void listenIfPossible(Host host, String address) {
        host.listen(Multiaddr.of(address))
                .onErrorResume(NodeCommand::isOfThisMachine, failure -> {
                    Log.LOG.debug("not listening on {}", address, failure);
                    return Mono.empty();
                })
                .block();
    }

    /** No such address, or no transport for it. */
    private static boolean isOfThisMachine(Throwable failure) {
        return failure instanceof TransportException || failure instanceof IllegalArgumentException;
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
