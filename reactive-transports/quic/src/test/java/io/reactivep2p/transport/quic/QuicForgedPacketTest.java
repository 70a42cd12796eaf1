package io.reactivep2p.transport.quic;

import static io.reactivep2p.transport.quic.ForgedFrames.clientHello;
import static io.reactivep2p.transport.quic.ForgedFrames.concat;
import static io.reactivep2p.transport.quic.ForgedFrames.crypto;
import static io.reactivep2p.transport.quic.ForgedFrames.goodParameters;
import static io.reactivep2p.transport.quic.ForgedFrames.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.transport.TransportException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What anyone can send who has seen nothing of a connection but its first packet, or who begins one: the advisories of other QUIC
 * implementations as far as they can be tried from outside.
 *
 * <p>Those that need the keys of an established connection are quiche's to withstand, and not tried here:
 *
 * <ul>
 *   <li>CVE-2023-49295, the flood of PATH_CHALLENGE (quic-go): quiche answers three that wait and drops the rest.
 *   <li>CVE-2024-22189, NEW_CONNECTION_ID that retires what was given before (quic-go): quiche bounds what waits to be retired by the
 *       number of ids that it takes.
 *   <li>CVE-2026-25800, memory for what arrives out of order (quinn): of a stream, quiche takes no more than the window, which is
 *       ours. What can be sent before there is any window is tried below.
 * </ul>
 *
 * <p>CVE-2024-53259, a forged ICMP message that says packets are too large (quic-go), has nothing to change here: packets have one
 * size, which is never looked for.
 */
class QuicForgedPacketTest extends QuicHostileFixture {

    private static final String NEW_CONNECTION_ID = "18010008aabbccddeeff0011" + "00112233445566778899aabbccddeeff";
    private static final int TYPE = 0xF0;
    private static final int INITIAL = 0xC0;
    private static final int RETRY = 0xF0;
    private static final byte[] NO_TOKEN = {};
    private static final int MANY = 100;

    private final byte[] scid = randomBytes(8);
    private final byte[] hello = crypto(0, clientHello(goodParameters(scid)));

    private static void send(DatagramSocket socket, InetSocketAddress to, List<byte[]> packets) throws IOException {
        for (byte[] packet : packets) {
            send(socket, to, packet);
        }
    }

    /** Someone's first packet, with {@code frames}. */
    private byte[] first(byte[] frames) {
        byte[] dcid = randomBytes(8);
        return ForgedInitial.ofClient(dcid).packet(dcid, scid, NO_TOKEN, 0, frames);
    }

    /** Nobody's is under way but those of {@code others}, long before one would time out; and the next to come gets in. */
    private void onlyHandshakesLeftAre(int others) {
        Awaitility.await().atMost(PATIENCE).until(() -> handshakes() == others);
        someoneHonestGetsIn();
        // A server may learn later than its client that they are done.
        Awaitility.await().atMost(PATIENCE).until(() -> accepted.size() == 1 && handshakes() == others);
    }

    private void listenPatiently() {
        listen(spec -> spec.retryAbove(MANY).maxHandshakes(MANY).handshakeTimeout(Duration.ofSeconds(120)));
    }

    /** The builder is right, else nothing below says anything: the server takes a whole ClientHello, and waits for the rest. */
    @Test
    void aForgedClientHelloBeginsAHandshake() throws IOException {
        listenPatiently();
        try (DatagramSocket socket = new DatagramSocket()) {
            send(socket, address(), first(hello));
            byte[] answer = receive(socket, PATIENCE).orElseThrow();
            assertThat(answer[0] & TYPE).isEqualTo(INITIAL);
            assertThat(answer.length)
                    .describedAs("with its certificate, and no goodbye")
                    .isGreaterThan(1_000);
            assertThat(handshakes()).isOne();
            someoneHonestGetsIn();
        }
    }

    /**
     * An Initial carries PADDING, PING, ACK, CRYPTO and CONNECTION_CLOSE alone. Here: RESET_STREAM, STOP_SENDING, NEW_TOKEN, STREAM,
     * MAX_DATA, MAX_STREAMS, NEW_CONNECTION_ID, RETIRE_CONNECTION_ID, PATH_CHALLENGE, PATH_RESPONSE, the application's
     * CONNECTION_CLOSE, HANDSHAKE_DONE (CVE-2025-59530, quic-go), and types that nobody knows (CVE-2023-42805, quinn).
     */
    @Test
    void cve202559530_cve202342805_aFrameThatIsNotForAnInitialEndsTheHandshake() throws IOException {
        listenPatiently();
        List<byte[]> frames = Stream.of(
                        "04000000",
                        "050000",
                        "070101",
                        "0a000161",
                        "1040ff",
                        "1240ff",
                        NEW_CONNECTION_ID,
                        "1900",
                        "1a0011223344556677",
                        "1b0011223344556677",
                        "1d0000",
                        "1e",
                        "1f",
                        "30",
                        "4021",
                        "7fff",
                        "ffffffffffffffff")
                .map(ForgedFrames::hex)
                .toList();
        try (DatagramSocket socket = new DatagramSocket()) {
            send(socket, address(), frames.stream().map(this::first).toList());
            send(
                    socket,
                    address(),
                    frames.stream().map(frame -> first(concat(hello, frame))).toList());
            onlyHandshakesLeftAre(0);
        }
    }

    /** quic-go fell over an ACK behind the CRYPTO that completes a step. Here, of what was never sent, and malformed ones. */
    @Test
    void cve202346239_anAckBehindTheClientHelloBreaksNothing() throws IOException {
        listenPatiently();
        try (DatagramSocket socket = new DatagramSocket()) {
            for (String ack :
                    List.of("0200000000", "020a000009", "02000000ff", "02bfffffff000000", "0205000105", "02")) {
                byte[] dcid = randomBytes(8);
                ForgedInitial forged = ForgedInitial.ofClient(dcid);
                byte[] goodbye = hex("1c000000");
                send(
                        socket,
                        address(),
                        List.of(
                                forged.packet(dcid, scid, NO_TOKEN, 0, concat(hello, hex(ack))),
                                forged.packet(dcid, scid, NO_TOKEN, 1, goodbye)));
            }
            onlyHandshakesLeftAre(0);
        }
    }

    /** quinn fell over parameters that end within a number. */
    @Test
    void cve202631812_malformedTransportParametersEndTheHandshake() throws IOException {
        listenPatiently();
        List<byte[]> malformed = Stream.of(
                        // cut off in the id, the length, the value
                        "40",
                        "01",
                        "0140",
                        "0401",
                        "04018000",
                        "04018040",
                        "ffffffffffffffffff",
                        // a value longer than its number, or of none
                        "0404bfffff",
                        "0301c0",
                        "0400",
                        // out of range: max_udp_payload_size, ack_delay_exponent, max_ack_delay, streams,
                        // active_connection_id_limit
                        "030100",
                        "0a0115",
                        "0b08ffffffffffffffff",
                        "0808ffffffffffffffff",
                        "0908ffffffffffffffff",
                        "0e0101",
                        // a connection id of 21 bytes
                        "0f15000000000000000000000000000000000000000000",
                        // what only servers may say: original id, reset token, preferred address, id of the Retry
                        "00080011223344556677",
                        "0210000102030405060708090a0b0c0d0e0f",
                        "0d00",
                        "10080011223344556677",
                        // twice
                        "040101040101")
                .map(ForgedFrames::hex)
                .toList();
        try (DatagramSocket socket = new DatagramSocket()) {
            send(
                    socket,
                    address(),
                    malformed.stream()
                            .map(value -> first(crypto(0, clientHello(concat(goodParameters(scid), value)))))
                            .toList());
            onlyHandshakesLeftAre(0);
        }
    }

    /** quinn fell over the same Initial coming again, after the Retry that it was answered. */
    @Test
    void cve202445311_theSameInitialAgainAndAgainIsOneHandshake() throws IOException {
        listen(spec -> spec.retryAbove(0).handshakeTimeout(Duration.ofSeconds(120)));
        byte[] first = first(hello);
        try (DatagramSocket socket = new DatagramSocket()) {
            byte[] retry = {};
            for (int i = 0; i < 50; i++) {
                send(socket, address(), first);
                retry = receive(socket, PATIENCE).orElseThrow();
                assertThat(retry[0] & TYPE).isEqualTo(RETRY);
            }
            assertThat(handshakes()).isZero();
            byte[] again = retried(retry);
            for (int i = 0; i < 100; i++) {
                send(socket, address(), List.of(again, first));
            }
            onlyHandshakesLeftAre(1);
        }
    }

    /** The Initial that answers a Retry, which ends: dcid length 8 | dcid | scid length 8 | scid | token | tag of 16 bytes. */
    private byte[] retried(byte[] retry) {
        int newIdAt = 6 + retry[5] + 1;
        int tokenAt = newIdAt + retry[newIdAt - 1];
        byte[] newDcid = Arrays.copyOfRange(retry, newIdAt, tokenAt);
        byte[] token = Arrays.copyOfRange(retry, tokenAt, retry.length - 16);
        return ForgedInitial.ofClient(newDcid).packet(newDcid, scid, token, 0, hello);
    }

    /** As much as can be sent before there is a window, in the pieces that cost most: single bytes with gaps. At 64 KiB it is over. */
    @Test
    void cve202625800_aHandshakeInPiecesOutOfOrderIsBounded() throws IOException {
        listenPatiently();
        byte[] dcid = randomBytes(8);
        ForgedInitial forged = ForgedInitial.ofClient(dcid);
        try (DatagramSocket socket = new DatagramSocket()) {
            int offset = 1;
            for (int number = 0; number < 300; number++) {
                byte[][] pieces = new byte[120][];
                for (int i = 0; i < pieces.length; i++) {
                    pieces[i] = crypto(offset, new byte[1]);
                    offset += 2;
                }
                send(socket, address(), forged.packet(dcid, scid, NO_TOKEN, number, concat(pieces)));
            }
            assertThat(offset).isGreaterThan(1 << 16);
            // In case the last of those were lost.
            send(socket, address(), forged.packet(dcid, scid, NO_TOKEN, 300, crypto(1 << 20, new byte[1])));
            onlyHandshakesLeftAre(0);
        }
    }

    /** The ids of all clients, with one hash code, as byte arrays, strings and buffers have it. */
    @Test
    void ghsa9f579rhg4hvm_connectionIdsThatCollideFillNoTableBeyondItsLimit() throws IOException {
        int most = 64;
        listen(spec -> spec.retryAbove(most).handshakeTimeout(Duration.ofSeconds(120)));
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 1_000; i++) {
                byte[] dcid = colliding(i);
                assertThat(Arrays.hashCode(dcid)).isEqualTo(Arrays.hashCode(colliding(0)));
                send(socket, address(), ForgedInitial.ofClient(dcid).packet(dcid, scid, NO_TOKEN, 0, hello));
            }
            onlyHandshakesLeftAre(most);
        }
    }

    /** 20 bytes, ten of whose pairs are one of two for which 31 a + b is the same. */
    private static byte[] colliding(int number) {
        ByteBuffer id = ByteBuffer.allocate(20);
        for (int bit = 0; bit < 10; bit++) {
            id.put((number >> bit & 1) == 0 ? new byte[] {'A', 'a'} : new byte[] {'B', 'B'});
        }
        return id.array();
    }

    /** quic-go fell when a path was lost that a peer had made it look at; each of these datagrams looks like another path. */
    @Test
    void cve202529785_aClientWhoseAddressIsAlwaysAnotherBreaksNothing() throws IOException {
        listen(spec -> {});
        try (Wanderer wanderer = new Wanderer(address())) {
            Quic quic =
                    Quic.create(spec -> spec.keepAlive(Duration.ofMillis(20)).idleTimeout(Duration.ofSeconds(2)));
            MuxedConnection dialed = quic.dial(wanderer.address(), client, null)
                    .blockOptional(PATIENCE)
                    .orElseThrow();
            wanderer.wander();
            Awaitility.await().atMost(PATIENCE).until(() -> wanderer.steps() > MANY);
            someoneHonestGetsIn();
            dialed.dispose();
            dialed.onDispose().block(PATIENCE);
        }
    }

    /** Forwards a client's datagrams, each from a port of its own once it has begun, and brings back all answers. */
    private static final class Wanderer implements AutoCloseable {

        private static final int PORTS = 16;

        private final DatagramSocket in = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
        private final DatagramSocket[] out = new DatagramSocket[PORTS];
        private final InetSocketAddress to;
        private final AtomicInteger steps = new AtomicInteger(-1);
        private volatile @Nullable InetSocketAddress client;

        Wanderer(InetSocketAddress to) throws IOException {
            this.to = to;
            for (int i = 0; i < PORTS; i++) {
                DatagramSocket port = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
                out[i] = port;
                new Thread(() -> pass(
                                port,
                                packet -> in.send(new DatagramPacket(
                                        packet.getData(), packet.getLength(), Objects.requireNonNull(client)))))
                        .start();
            }
            new Thread(() -> pass(in, this::forward)).start();
        }

        private void forward(DatagramPacket packet) throws IOException {
            client = (InetSocketAddress) packet.getSocketAddress();
            int step = steps.updateAndGet(count -> count < 0 ? count : count + 1);
            out[step < 0 ? 0 : step % PORTS].send(new DatagramPacket(packet.getData(), packet.getLength(), to));
        }

        private static void pass(DatagramSocket from, Hop hop) {
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
                    from.receive(packet);
                    hop.take(packet);
                }
            } catch (IOException closed) {
                // The test is over.
            }
        }

        void wander() {
            steps.set(0);
        }

        int steps() {
            return steps.get();
        }

        Multiaddr address() {
            return Multiaddr.of("/ip4/127.0.0.1/udp/" + in.getLocalPort() + "/quic-v1");
        }

        @Override
        public void close() {
            in.close();
            for (DatagramSocket port : out) {
                port.close();
            }
        }
    }

    private interface Hop {
        void take(DatagramPacket packet) throws IOException;
    }

    /** Someone who sees our first packet and answers before the server does. */
    @ParameterizedTest
    @ValueSource(strings = {"1e", "4021", NEW_CONNECTION_ID, "02bfffffff000000", "06000100"})
    void cve202559530_cve202342805_aForgedAnswerEndsADialAndNothingElse(String frames) throws Exception {
        listen(spec -> {});
        try (DatagramSocket impostor = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            Thread answering = new Thread(() -> answer(impostor, hex(frames)));
            answering.start();
            Quic quic = Quic.create(spec -> spec.handshakeTimeout(Duration.ofSeconds(2)));
            Multiaddr there = Multiaddr.of("/ip4/127.0.0.1/udp/" + impostor.getLocalPort() + "/quic-v1");
            assertThatThrownBy(() -> quic.dial(there, client, null).block(PATIENCE))
                    .isInstanceOfAny(HandshakeException.class, TransportException.class);
            answering.join();
            someoneHonestGetsIn();
        }
    }

    private void answer(DatagramSocket socket, byte[] frames) {
        try {
            DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
            socket.receive(packet);
            byte[] bytes = packet.getData();
            byte[] dcid = Arrays.copyOfRange(bytes, 6, 6 + bytes[5]);
            int theirIdAt = 6 + dcid.length + 1;
            byte[] theirId = Arrays.copyOfRange(bytes, theirIdAt, theirIdAt + bytes[theirIdAt - 1]);
            send(
                    socket,
                    (InetSocketAddress) packet.getSocketAddress(),
                    ForgedInitial.ofServer(dcid).packet(theirId, randomBytes(8), NO_TOKEN, 0, frames));
        } catch (IOException closed) {
            // The test is over.
        }
    }
}
