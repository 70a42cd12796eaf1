package io.reactivep2p.examples.p2p;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.Libp2p;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.protocol.identify.Identify;
import io.reactivep2p.protocol.ping.Ping;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code p2p pipe} */
@Command(
        name = "pipe",
        description = {
            "Join stdin and stdout to a stream.",
            "Ends when both directions have: the end of stdin ends the one to the peer, and the peer ends the other."
                    + " To only receive, give it </dev/null as stdin. stdout is the stream's data, so events go to stderr."
        })
final class PipeCommand implements Callable<Integer> {

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Main main;

    @Mixin
    private final KeyOption key = new KeyOption();

    @Mixin
    private final RoadOptions roads = new RoadOptions();

    @Parameters(index = "0", paramLabel = "PROTOCOL", description = "The protocol's name, for example /chat/1.0.0.")
    @SuppressWarnings("NullAway.Init")
    private ProtocolId protocol;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "ADDR",
            description = "The peer to open the stream to. Without it, listen and take the first stream that comes.")
    private @Nullable Multiaddr address;

    @Option(
            names = "--listen",
            paramLabel = "LISTEN-ADDR",
            defaultValue = "/ip4/0.0.0.0/tcp/0",
            description = "Where to listen if no ADDR is given; may be repeated. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private List<Multiaddr> listen;

    @Override
    public Integer call() {
        Ping ping = Ping.create();
        HostBuilder builder = Libp2p.host()
                .identity(key.load(main.console()))
                .apply(roads.stack())
                .service(Identify.create())
                .service(ping);
        try (OpenHost host = OpenHost.start(builder)) {
            ProtocolStream stream = address == null ? accept(host) : open(host, address);
            new StreamPipe(stream, main.environment().in(), main.environment().out())
                    .run()
                    .block();
            OpenHost.awaitArrival(ping, List.of(stream.connection()));
        }
        return 0;
    }

    private ProtocolStream open(OpenHost host, Multiaddr peer) {
        return OpenHost.await(host.dial(peer).open(protocol));
    }

    /** The protocol is served before anyone can ask for it, and for one stream only. */
    private ProtocolStream accept(OpenHost host) {
        CompletableFuture<ProtocolStream> first =
                host.host().streams(protocol).next().toFuture();
        listen.forEach(at -> OpenHost.await(host.host().listen(at)));
        main.console().tell(NodeCommand.listening(host.host()));
        try {
            return first.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
