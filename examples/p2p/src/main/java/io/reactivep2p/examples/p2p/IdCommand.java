package io.reactivep2p.examples.p2p;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.peer.PeerId;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code p2p id} */
@Command(name = "id", description = "Show the peer id of a key; makes the key where there is none.")
final class IdCommand implements Callable<Integer> {

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Main main;

    @Mixin
    private final KeyOption key = new KeyOption();

    @Override
    public Integer call() {
        KeyPair pair = key.load(main.console());
        main.console()
                .tell(new CliEvent.Identity(
                        PeerId.of(pair.publicKey()).toString(),
                        pair.type().toString(),
                        Base64.getEncoder().encodeToString(pair.publicKey().encode())));
        return 0;
    }
}
