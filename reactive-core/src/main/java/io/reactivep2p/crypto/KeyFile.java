package io.reactivep2p.crypto;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Private keys in files. */
final class KeyFile {

    private KeyFile() {}

    static PrivateKey read(Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(PrivateKey.MAX_ENCODED_BYTES + 1); // one more shows that it is too long
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the key file " + file + ": " + reason(e), e);
        }
        try {
            return PrivateKey.decode(bytes);
        } catch (MalformedKeyException e) {
            throw new MalformedKeyException("key file " + file + ": " + e.getMessage(), e);
        }
    }

    static void write(PrivateKey key, Path file) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory == null) {
                throw new FileSystemException(file.toString(), null, "is a root directory");
            }
            Path draft = Files.createTempFile(directory, ".key", ".tmp", ownerOnly(directory));
            try {
                try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = ByteBuffer.wrap(key.encode());
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    channel.force(true);
                }
                publish(draft, file);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the key file " + file + ": " + reason(e), e);
        }
    }

    /**
     * Gives the finished draft its name, unless the name is taken. A rename would silently replace another process's key, so
     * this is a link; where there are no links, a move, which looks first.
     */
    private static void publish(Path draft, Path file) throws IOException {
        try {
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.move(draft, file);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path directory) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + " " + e.getMessage();
    }
}
