package io.reactivep2p.transport.quic;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.netty.InetEndpoint;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;

/** A listener, someone honest who can tell whether it lives, and bare UDP. */
abstract class QuicHostileFixture {

    static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Multiaddr ANY = Multiaddr.of("/ip4/127.0.0.1/udp/0/quic-v1");

    final KeyPair server = KeyPair.generate();
    final KeyPair client = KeyPair.generate();
    final BlockingQueue<MuxedConnection> accepted = new LinkedBlockingQueue<>();
    final Random random = new Random(11);
    Listener listener;

    final void listen(Consumer<QuicSpec> configuration) {
        listener = Quic.create(configuration)
                .listen(ANY, server, accepted::add)
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    @AfterEach
    final void close() {
        accepted.forEach(connection -> {
            connection.dispose();
            connection.onDispose().block(PATIENCE);
        });
        if (listener != null) {
            listener.close().block(PATIENCE);
        }
    }

    final void someoneHonestGetsIn() {
        MuxedConnection dialed = Quic.create()
                .dial(listener.address(), client, null)
                .blockOptional(PATIENCE)
                .orElseThrow();
        dialed.dispose();
        dialed.onDispose().block(PATIENCE);
    }

    /** Whose handshakes are under way. */
    final int handshakes() {
        QuicSocket socket = ((QuicListener) listener).socket();
        return CompletableFuture.supplyAsync(socket.gate()::underWay, socket.executor())
                .join();
    }

    final InetSocketAddress address() throws IOException {
        return InetEndpoint.of(listener.address(), Protocol.UDP).orElseThrow().socketAddress();
    }

    final byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    static void send(DatagramSocket socket, InetSocketAddress to, byte[] bytes) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, to));
    }

    /** The next datagram, if there is one within {@code patience}. */
    static Optional<byte[]> receive(DatagramSocket socket, Duration patience) throws IOException {
        socket.setSoTimeout((int) patience.toMillis());
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        try {
            socket.receive(packet);
            return Optional.of(Arrays.copyOf(packet.getData(), packet.getLength()));
        } catch (SocketTimeoutException silence) {
            return Optional.empty();
        }
    }
}
