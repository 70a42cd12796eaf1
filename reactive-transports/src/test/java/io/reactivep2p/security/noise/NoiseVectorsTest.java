package io.reactivep2p.security.noise;

import static io.reactivep2p.security.noise.Vectors.hex;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.peer.PeerId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Published transcripts of Noise XX, and whole libp2p handshakes to the byte, with every cipher engine. */
class NoiseVectorsTest {

    private static final HexFormat HEX = HexFormat.of();

    @TestFactory
    Stream<DynamicTest> transcriptsOfNoiseXxAreReproduced() {
        return Vectors.load("noise-xx.json").stream()
                .filter(vector -> vector.has("messages"))
                .flatMap(vector -> engines()
                        .map(engine -> DynamicTest.dynamicTest(
                                vector.get("id").asText() + " " + engine, () -> replay(vector, engine))));
    }

    /** One message of a transcript. */
    private record Message(byte[] payload, byte[] ciphertext) {}

    private static void replay(JsonNode vector, AeadEngine engine) {
        JsonNode fields = vector.has("fields") ? vector.get("fields") : vector;
        boolean flynn = vector.has("fields");
        byte[] prologue = field(fields, flynn ? "prologue" : "init_prologue");
        CryptoScratch scratch = new CryptoScratch(engine.newCipher());
        HandshakeState initiator = new HandshakeState(
                true,
                prologue,
                DhKeyPair.of(hex(fields, "init_static")),
                () -> DhKeyPair.of(hex(fields, flynn ? "gen_init_ephemeral" : "init_ephemeral")),
                scratch.aead,
                scratch.hash);
        HandshakeState responder = new HandshakeState(
                false,
                prologue,
                DhKeyPair.of(hex(fields, "resp_static")),
                () -> DhKeyPair.of(hex(fields, flynn ? "gen_resp_ephemeral" : "resp_ephemeral")),
                scratch.aead,
                scratch.hash);
        List<Message> messages = messages(vector.get("messages"));
        assertThat(messages).hasSizeGreaterThan(3);
        for (int i = 0; i < 3; i++) {
            HandshakeState writer = i % 2 == 0 ? initiator : responder;
            HandshakeState reader = i % 2 == 0 ? responder : initiator;
            byte[] written = writer.writeMessage(messages.get(i).payload());
            assertThat(written).isEqualTo(messages.get(i).ciphertext());
            assertThat(reader.readMessage(written, 0, written.length))
                    .isEqualTo(messages.get(i).payload());
        }
        assertThat(initiator.handshakeHash()).isEqualTo(responder.handshakeHash());
        if (fields.has("handshake_hash")) {
            assertThat(initiator.handshakeHash()).isEqualTo(hex(fields, "handshake_hash"));
        }
        HandshakeState.TransportKeys ours = initiator.split();
        HandshakeState.TransportKeys theirs = responder.split();
        for (int i = 3; i < messages.size(); i++) {
            // In both sources the parties go on taking turns, and in flynn's the initiator begins anew.
            boolean fromInitiator = flynn == (i % 2 == 1);
            check(
                    scratch.aead,
                    fromInitiator ? ours.outbound() : theirs.outbound(),
                    fromInitiator ? theirs.inbound() : ours.inbound(),
                    messages.get(i));
        }
    }

    private static void check(AeadCipher aead, CipherState outbound, CipherState inbound, Message message) {
        byte[] written = new byte[message.payload().length + AeadCipher.TAG_LENGTH];
        outbound.encrypt(aead, AeadCipher.NO_DATA, message.payload(), 0, message.payload().length, written, 0);
        assertThat(written).isEqualTo(message.ciphertext());
        byte[] read = new byte[message.payload().length];
        assertThat(inbound.decrypt(aead, AeadCipher.NO_DATA, written, 0, written.length, read, 0))
                .isEqualTo(read.length);
        assertThat(read).isEqualTo(message.payload());
    }

    private static List<Message> messages(JsonNode node) {
        List<Message> messages = new ArrayList<>();
        if (node.get(0).has("payload")) {
            node.forEach(m -> messages.add(new Message(hex(m, "payload"), hex(m, "ciphertext"))));
        } else {
            for (int i = 0; i < node.size(); i += 2) {
                messages.add(new Message(hex(node.get(i), "hex"), hex(node.get(i + 1), "hex")));
            }
        }
        return messages;
    }

    private static byte[] field(JsonNode fields, String name) {
        return fields.has(name) ? hex(fields, name) : new byte[0];
    }

    @TestFactory
    Stream<DynamicTest> libp2pHandshakesAreReproducedToTheByte() {
        return Vectors.load("noise-libp2p.json").stream().flatMap(vector -> engines()
                .map(engine -> DynamicTest.dynamicTest(
                        vector.get("name").asText() + " " + engine, () -> replayLibp2p(vector, engine))));
    }

    private static void replayLibp2p(JsonNode vector, AeadEngine engine) {
        CryptoScratch scratch = new CryptoScratch(engine.newCipher());
        JsonNode frames = vector.get("frames_hex");
        boolean muxers = vector.get("name").asText().contains("muxers");
        boolean ours = !vector.get("name").asText().contains("certhashes");
        NoiseHandshake initiator = handshake(vector, "init", "initiator", muxers, scratch);
        NoiseHandshake responder = handshake(vector, "resp", "responder", muxers, scratch);

        byte[] first = initiator.begin();
        assertThat(framed(first)).isEqualTo(hex(frames.get(0)));
        byte[] second = responder.onMessage(first, first.length);
        byte[] expectedSecond = unframed(hex(frames.get(1)));
        if (ours) {
            assertThat(second).isEqualTo(expectedSecond);
        }
        byte[] third = initiator.onMessage(expectedSecond, expectedSecond.length);
        assertThat(framed(third)).isEqualTo(hex(frames.get(2)));
        assertThat(initiator.handshakeHash()).isEqualTo(hex(vector, "handshake_hash"));
        NoiseHandshake.Result result = initiator.result();
        assertThat(result.remotePeer())
                .hasToString(vector.get("responder_peer_id").asText());
        transport(vector, "transport_i2r", scratch.aead, result.keys().outbound(), true);
        transport(vector, "transport_r2i", scratch.aead, result.keys().inbound(), false);
        if (ours) {
            assertThat(responder.onMessage(third, third.length)).isNull();
            assertThat(responder.result().remotePeer())
                    .hasToString(vector.get("initiator_peer_id").asText());
            if (muxers) {
                assertThat(result.muxer())
                        .isNotNull()
                        .isEqualTo(responder.result().muxer());
            }
            assertThat(responder.handshakeHash()).isEqualTo(hex(vector, "handshake_hash"));
        }
    }

    private static NoiseHandshake handshake(
            JsonNode vector, String prefix, String role, boolean muxers, CryptoScratch scratch) {
        boolean initiator = role.equals("initiator");
        DhKeyPair staticKey = DhKeyPair.of(hex(vector, prefix + "_static"));
        return new NoiseHandshake(
                initiator,
                new HandshakeState(
                        initiator,
                        hex(vector, "prologue_hex"),
                        staticKey,
                        () -> DhKeyPair.of(hex(vector, prefix + "_ephemeral")),
                        scratch.aead,
                        scratch.hash),
                new NoiseIdentity(KeyPair.ofSeed(hex(vector, role + "_identity_seed")), staticKey),
                new VerifiedPayloads(),
                PeerId.of(vector.get(initiator ? "responder_peer_id" : "initiator_peer_id")
                        .asText()),
                muxers ? offered(vector, initiator ? "payload3_hex" : "payload2_hex") : List.of());
    }

    private static List<ProtocolId> offered(JsonNode vector, String payload) {
        return NoisePayload.decode(hex(vector, payload)).muxers().stream()
                .map(ProtocolId::of)
                .toList();
    }

    private static void transport(
            JsonNode vector, String direction, AeadCipher aead, CipherState state, boolean encrypt) {
        for (JsonNode message : vector.get(direction)) {
            byte[] plaintext = hex(message, "plaintext_hex");
            byte[] ciphertext = unframed(hex(message, "frame_hex"));
            byte[] out = new byte[encrypt ? ciphertext.length : plaintext.length];
            if (encrypt) {
                state.encrypt(aead, AeadCipher.NO_DATA, plaintext, 0, plaintext.length, out, 0);
            } else {
                state.decrypt(aead, AeadCipher.NO_DATA, ciphertext, 0, ciphertext.length, out, 0);
            }
            assertThat(HEX.formatHex(out)).isEqualTo(HEX.formatHex(encrypt ? ciphertext : plaintext));
        }
    }

    @TestFactory
    Stream<DynamicTest> hkdfGivesThePublishedOutputs() {
        return Vectors.load("noise-xx.json").stream()
                .filter(vector -> vector.has("chaining_key_hex"))
                .map(vector -> DynamicTest.dynamicTest(vector.get("name").asText(), () -> {
                    byte[][] outputs =
                            new NoiseHash().hkdf(hex(vector, "chaining_key_hex"), hex(vector, "input_hex"), 3);
                    for (int i = 0; i < 3; i++) {
                        assertThat(outputs[i])
                                .isEqualTo(hex(vector.get("outputs_hex").get(i)));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> x25519AgreesAsPublishedAndRefusesLowOrderPoints() {
        return x25519Engines().flatMap(engine -> Vectors.load("x25519.json").stream()
                .map(vector -> DynamicTest.dynamicTest(
                        vector.get("id").asText() + " by " + engine.getClass().getSimpleName(), () -> {
                            byte[] secret = new byte[DhKeyPair.KEY_LENGTH];
                            boolean agreed =
                                    engine.keyPair(hex(vector, "scalar_hex")).agree(hex(vector, "u_hex"), secret);
                            assertThat(secret).isEqualTo(hex(vector, "result_hex"));
                            assertThat(agreed).isEqualTo(!vector.has("note"));
                        })));
    }

    @Test
    void everyX25519ComputesTheSameSecretOfAnyBytes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] scalar = new byte[DhKeyPair.KEY_LENGTH];
        byte[] point = new byte[DhKeyPair.KEY_LENGTH];
        for (int round = 0; round < 200; round++) {
            random.nextBytes(scalar);
            random.nextBytes(point);
            byte[] expected = new byte[DhKeyPair.KEY_LENGTH];
            boolean agreed = X25519Engine.ofBouncyCastle().keyPair(scalar).agree(point, expected);
            x25519Engines().forEach(engine -> {
                byte[] secret = new byte[DhKeyPair.KEY_LENGTH];
                assertThat(engine.keyPair(scalar).agree(point, secret))
                        .as("seed %d", seed)
                        .isEqualTo(agreed);
                assertThat(secret).as("seed %d", seed).isEqualTo(expected);
            });
        }
    }

    @Test
    void everyX25519MakesPairsThatAgreeWithAllOthers() {
        List<DhKeyPair> made = x25519Engines()
                .flatMap(engine -> Stream.generate(engine.generator()).limit(2))
                .toList();
        for (DhKeyPair one : made) {
            for (DhKeyPair other : made) {
                byte[] ours = new byte[DhKeyPair.KEY_LENGTH];
                byte[] theirs = new byte[DhKeyPair.KEY_LENGTH];
                assertThat(one.agree(other.publicKey(), ours)).isTrue();
                assertThat(other.agree(one.publicKey(), theirs)).isTrue();
                assertThat(ours).isEqualTo(theirs);
            }
        }
        assertThat(made.stream().map(pair -> HexFormat.of().formatHex(pair.publicKey())))
                .doesNotHaveDuplicates();
    }

    /** Conscrypt is on this module's test classpath; the build would prove little without it. */
    private static Stream<X25519Engine> x25519Engines() {
        return Stream.of(
                X25519Engine.ofBouncyCastle(),
                X25519Engine.ofConscrypt(Objects.requireNonNull(AeadEngine.conscryptProvider())));
    }

    private static Stream<AeadEngine> engines() {
        return Stream.of(AeadEngine.values()).filter(AeadEngine::isAvailable);
    }

    private static byte[] framed(byte[] content) {
        return ByteBuffer.allocate(2 + content.length)
                .putShort((short) content.length)
                .put(content)
                .array();
    }

    private static byte[] unframed(byte[] frame) {
        assertThat(Short.toUnsignedInt(ByteBuffer.wrap(frame).getShort())).isEqualTo(frame.length - 2);
        return java.util.Arrays.copyOfRange(frame, 2, frame.length);
    }
}
