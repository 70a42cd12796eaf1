package io.reactivep2p.examples.p2p;

import io.reactivep2p.Libp2p;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.protocol.identify.Identify;
import io.reactivep2p.protocol.ping.Ping;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code p2p identify} */
@Command(name = "identify", description = "Show what a peer says of itself.")
final class IdentifyCommand implements Callable<Integer> {

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Main main;

    @Mixin
    private final KeyOption key = new KeyOption();

    @Mixin
    private final RoadOptions roads = new RoadOptions();

    @Parameters(paramLabel = "ADDR", description = "The peer's address, with or without /p2p/ID.")
    @SuppressWarnings("NullAway.Init")
    private Multiaddr address;

    @Override
    public Integer call() {
        Identify identify = Identify.create();
        try (OpenHost host = OpenHost.start(Libp2p.host()
                .identity(key.load(main.console()))
                .apply(roads.stack())
                .service(identify)
                .service(Ping.create()))) {
            main.console().tell(identified(OpenHost.await(identify.identify(host.dial(address)))));
        }
        return 0;
    }

    private static CliEvent identified(HostEvent.PeerIdentified peer) {
        return new CliEvent.Identified(
                peer.peer().toString(),
                peer.protocolVersion(),
                peer.agentVersion(),
                peer.protocols().stream().map(Object::toString).sorted().toList(),
                NodeCommand.texts(peer.listenAddresses()),
                peer.observedAddress().map(Multiaddr::toString).orElse(null),
                peer.signed());
    }
}
