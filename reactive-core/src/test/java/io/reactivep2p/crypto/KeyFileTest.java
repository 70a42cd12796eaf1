package io.reactivep2p.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyFileTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void aSavedKeyIsLoadedAgain(KeyType type) {
        KeyPair pair = KeyPair.generate(type);
        Path file = directory.resolve("peer.key");
        pair.save(file);
        assertThat(file).hasBinaryContent(pair.privateKey().encode());
        assertThat(KeyPair.load(file)).isEqualTo(pair);
    }

    @Test
    void onlyTheOwnerCanReadAndNothingElseIsLeft() throws IOException {
        Path file = directory.resolve("peer.key");
        KeyPair.generate().save(file);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void anExistingFileIsNeverReplaced() throws IOException {
        Path file = Files.writeString(directory.resolve("peer.key"), "precious");
        KeyPair pair = KeyPair.generate();
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> pair.save(file))
                .withCauseInstanceOf(FileAlreadyExistsException.class)
                .withMessageContaining(file.toString());
        assertThat(file).hasContent("precious");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void errorsNameTheFile() throws IOException {
        Path missing = directory.resolve("missing.key");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> KeyPair.load(missing))
                .withCauseInstanceOf(NoSuchFileException.class)
                .withMessageContaining(missing.toString());
        Path nowhere = directory.resolve("no/such/directory/peer.key");
        KeyPair pair = KeyPair.generate();
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> pair.save(nowhere))
                .withMessageContaining(nowhere.toString());
        for (byte[] content :
                new byte[][] {{}, {1, 2, 3}, new byte[100_000], pair.publicKey().encode()}) {
            Path file = Files.write(directory.resolve("bad.key"), content);
            assertThatExceptionOfType(MalformedKeyException.class)
                    .isThrownBy(() -> KeyPair.load(file))
                    .withMessageContaining(file.toString());
        }
    }
}
