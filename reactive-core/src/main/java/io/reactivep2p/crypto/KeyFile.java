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
import java.util.function.Function;

/** Keys in files: read with a limit, written whole and for their owner alone. Blocks. */
public final class KeyFile {

    private KeyFile() {}

    /**
     * Reads a key.
     *
     * @param maxBytes the longest file that holds one; of a longer one {@code decode} gets one byte more than that
     * @throws UncheckedIOException if the file cannot be read; its cause says why, its message names the file
     * @throws MalformedKeyException what {@code decode} throws, its message with the file's name
     */
    public static <K> K read(Path file, int maxBytes, Function<byte[], K> decode) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(maxBytes + 1);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the key file " + file + ": " + reason(e), e);
        }
        try {
            return decode.apply(bytes);
        } catch (MalformedKeyException e) {
            throw new MalformedKeyException("key file " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Writes a key to a new file that only its owner can read (where the file system knows owners). The file is there with all its bytes,
     * or not at all.
     *
     * @throws UncheckedIOException if the file exists already or cannot be written; its cause says why, its message names the file
     */
    public static void write(byte[] key, Path file) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory == null) {
                throw new FileSystemException(file.toString(), null, "is a root directory");
            }
            Path draft = Files.createTempFile(directory, ".key", ".tmp", ownerOnly(directory));
            try {
                try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = ByteBuffer.wrap(key);
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
