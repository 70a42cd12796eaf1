package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.security.noise.AeadEngine;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.crypto.Cipher;

/** Full Noise frames over loopback TCP: a thread that encrypts and writes, and one that reads and decrypts, with blocking sockets. */
final class BarePipe {

    private static final int LENGTH = 65_535;
    private static final int PLAINTEXT = LENGTH - 16;

    private final AeadEngine engine;
    private final int frames;

    BarePipe(AeadEngine engine, long bytes) {
        this.engine = engine;
        this.frames = Math.toIntExact(bytes / PLAINTEXT + 1);
    }

    /** Sends all, and blocks until it has come. @return megabytes per second */
    double transfer(boolean encrypted) {
        try (ServerSocketChannel listening =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel out = SocketChannel.open(listening.getLocalAddress());
                SocketChannel in = listening.accept()) {
            long start = System.nanoTime();
            CompletableFuture<Void> written = CompletableFuture.runAsync(
                    () -> write(out, encrypted), task -> new Thread(task, "bare-writer").start());
            read(in, encrypted);
            double rate = megabytesPerSecond(start);
            written.join();
            return rate;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (CompletionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Encrypts as much, on one thread and for nobody. @return megabytes per second */
    double encrypt() {
        BareCipher cipher = new BareCipher(Cipher.ENCRYPT_MODE, engine);
        ByteBuffer plaintext = cipher.allocate(PLAINTEXT);
        ByteBuffer frame = cipher.allocate(LENGTH);
        long start = System.nanoTime();
        for (int i = 0; i < frames; i++) {
            cipher.transform(plaintext.clear(), frame.clear());
        }
        return megabytesPerSecond(start);
    }

    private double megabytesPerSecond(long start) {
        return (double) frames * PLAINTEXT * 1e3 / (System.nanoTime() - start);
    }

    private void write(SocketChannel to, boolean encrypted) {
        BareCipher cipher = new BareCipher(Cipher.ENCRYPT_MODE, engine);
        ByteBuffer plaintext = cipher.allocate(PLAINTEXT);
        ByteBuffer frame = cipher.allocate(LENGTH);
        try (to) { // so the reader ends, whatever happens here
            for (int i = 0; i < frames; i++) {
                frame.clear();
                if (encrypted) {
                    cipher.transform(plaintext.clear(), frame);
                    frame.flip();
                }
                while (frame.hasRemaining()) {
                    to.write(frame);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(SocketChannel from, boolean encrypted) throws IOException {
        BareCipher cipher = new BareCipher(Cipher.DECRYPT_MODE, engine);
        ByteBuffer frame = cipher.allocate(LENGTH);
        // What some providers want, though less comes out.
        ByteBuffer plaintext = cipher.allocate(LENGTH);
        for (int i = 0; i < frames; i++) {
            frame.clear();
            while (frame.hasRemaining()) {
                if (from.read(frame) < 0) {
                    throw new EOFException("after " + i + " of " + frames + " frames");
                }
            }
            if (encrypted) {
                cipher.transform(frame.flip(), plaintext.clear());
            }
        }
    }
}
