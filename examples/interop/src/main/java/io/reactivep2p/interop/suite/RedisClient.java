package io.reactivep2p.interop.suite;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** A connection to the Redis server of a suite, for one command at a time. Blocks: not for event loops. */
final class RedisClient implements AutoCloseable {

    /** For the connection, and for each answer beyond the time that a command itself may wait. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RedisClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    static RedisClient connect(InetSocketAddress server) throws IOException {
        Socket socket = new Socket();
        try {
            // Resolved here, not when the address was read: in a container the name may come to be known later.
            socket.connect(
                    new InetSocketAddress(server.getHostString(), server.getPort()),
                    Math.toIntExact(PATIENCE.toMillis()));
            socket.setTcpNoDelay(true);
            return new RedisClient(socket);
        } catch (IOException | RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }

    /**
     * Runs a command that answers at once.
     *
     * @throws IOException if the server does not answer, or refuses
     */
    RespReply run(String... command) throws IOException {
        return run(Duration.ZERO, command);
    }

    /** Runs a command that may take {@code wait} to answer. */
    RespReply run(Duration wait, String... command) throws IOException {
        socket.setSoTimeout(Math.toIntExact(PATIENCE.plus(wait).toMillis()));
        out.write(RespCodec.command(command));
        out.flush();
        RespReply reply = RespCodec.read(in);
        if (reply instanceof RespReply.Refusal refusal) {
            throw new IOException("Redis refuses " + String.join(" ", command) + ": " + refusal.message());
        }
        return reply;
    }

    /** Whether {@link #close()} was called, which ends a command under way with an error. */
    boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
