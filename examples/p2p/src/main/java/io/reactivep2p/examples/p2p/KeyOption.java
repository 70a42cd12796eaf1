package io.reactivep2p.examples.p2p;

import io.reactivep2p.crypto.KeyPair;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who a command acts as. */
final class KeyOption {

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "Private key, in the protobuf form of go-libp2p and js-libp2p; created on first use."
                    + " Without it, a new identity each time.")
    private @Nullable Path file;

    KeyPair load(Console console) {
        Path path = file;
        if (path == null) {
            return KeyPair.generate();
        }
        if (Files.exists(path)) {
            return KeyPair.load(path);
        }
        KeyPair key = KeyPair.generate();
        key.save(path);
        console.remark("created the key file " + path);
        return key;
    }
}
