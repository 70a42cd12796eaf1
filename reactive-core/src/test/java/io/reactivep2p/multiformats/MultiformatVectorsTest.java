package io.reactivep2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.testing.Vectors;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class MultiformatVectorsTest {

    private static final Map<String, String> DIGESTS = Map.of("sha1", "SHA-1", "sha2-512", "SHA-512");
    private static final Map<String, Long> CODES = Map.of("sha1", 0x11L, "sha2-512", 0x13L);

    @TestFactory
    Stream<DynamicTest> varint() {
        return Vectors.tests("varint.json", MultiformatVectorsTest::varint);
    }

    private static void varint(JsonNode vector) {
        byte[] bytes = Vectors.bytes(vector, "hex");
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        if (!vector.get("valid").asBoolean()) {
            malformed(() -> Varint.read(in));
            malformed(() -> Varint.read(bytes, 0, bytes.length));
            return;
        }
        long value = vector.get("value").asLong();
        assertThat(Varint.read(in)).isEqualTo(value);
        assertThat(in.isReadable()).isFalse();
        assertThat(Varint.read(bytes, 0, bytes.length)).isEqualTo(value);
        assertThat(Varint.toBytes(value)).isEqualTo(bytes);
    }

    @TestFactory
    Stream<DynamicTest> multihash() {
        return Vectors.tests("multihash.json", MultiformatVectorsTest::multihash);
    }

    private static void multihash(JsonNode vector) {
        if (!vector.path("valid").asBoolean(true)) {
            byte[] bytes = Vectors.bytes(vector, "hex");
            malformed(() -> Multihash.of(bytes));
            return;
        }
        byte[] bytes = Vectors.bytes(vector, "multihash_hex");
        String algorithm = vector.get("algorithm").asText();
        byte[] input = vector.get("input").asText().getBytes(StandardCharsets.UTF_8);
        byte[] digest = Arrays.copyOf(
                digest(DIGESTS.get(algorithm), input), vector.get("bits").asInt() / 8);
        Multihash multihash = Multihash.of(bytes);
        assertThat(multihash.digest()).isEqualTo(digest);
        assertThat(multihash.code()).isEqualTo(CODES.get(algorithm));
        assertThat(multihash).isEqualTo(Multihash.of(CODES.get(algorithm), digest));
        assertThat(multihash.toBytes()).isEqualTo(bytes);
    }

    private static byte[] digest(String algorithm, byte[] input) {
        try {
            return MessageDigest.getInstance(algorithm).digest(input);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> multibase() {
        return Vectors.tests("multibase.json", MultiformatVectorsTest::multibase);
    }

    private static void multibase(JsonNode vector) {
        String text = vector.get("text").asText();
        byte[] bytes = Vectors.bytes(vector, "decoded_hex");
        assertThat(Multibase.decode(text)).isEqualTo(bytes);
        Multibase base = Multibase.ofText(text).orElseThrow();
        assertThat(base.name().replace("_", "").toLowerCase())
                .isEqualTo(vector.get("encoding").asText());
        if (vector.get("direction").asText().equals("both")) {
            assertThat(base.encode(bytes)).isEqualTo(text);
            assertThat(base.encodeBare(bytes)).isEqualTo(text.substring(1));
            assertThat(base.decodeBare(text.substring(1))).isEqualTo(bytes);
        }
    }

    @TestFactory
    Stream<DynamicTest> cid() {
        return Vectors.tests("cid.json", MultiformatVectorsTest::cid);
    }

    private static void cid(JsonNode vector) {
        String text = vector.get("text").asText();
        if (!vector.get("valid").asBoolean()) {
            malformed(() -> Cid.of(text));
            return;
        }
        Cid cid = Cid.of(text);
        assertThat(cid.version()).isEqualTo(vector.get("version").asInt());
        assertThat(cid.codec()).isEqualTo(vector.get("codec").asLong());
        assertThat(cid.multihash().toBytes()).isEqualTo(Vectors.bytes(vector, "multihash_hex"));
        assertThat(cid.toBytes()).isEqualTo(Vectors.bytes(vector, "binary_hex"));
        assertThat(cid).hasToString(text);
        assertThat(Cid.of(cid.toBytes())).isEqualTo(cid).hasSameHashCodeAs(cid);
    }

    @TestFactory
    Stream<DynamicTest> multiaddr() {
        return Vectors.tests("multiaddr.json", MultiformatVectorsTest::multiaddr);
    }

    private static void multiaddr(JsonNode vector) {
        if (vector.has("left")) {
            decapsulate(vector);
        } else if (vector.has("canonical_text")) {
            Multiaddr address = Multiaddr.of(vector.get("input_text").asText());
            assertThat(address).hasToString(vector.get("canonical_text").asText());
            assertThat(address).isEqualTo(Multiaddr.of(address.toString())).isEqualTo(Multiaddr.of(address.toBytes()));
        } else if (vector.has("valid") && !vector.get("valid").asBoolean()) {
            malformed(() -> {
                if (vector.has("text")) {
                    Multiaddr.of(vector.get("text").asText());
                } else {
                    Multiaddr.of(Vectors.bytes(vector, "hex"));
                }
            });
        } else if (vector.has("hex")) {
            String text = vector.get("text").asText();
            String hex = vector.get("hex").asText();
            assertThat(HexFormat.of().formatHex(Multiaddr.of(text).toBytes())).isEqualTo(hex);
            assertThat(Multiaddr.of(Vectors.bytes(vector, "hex"))).hasToString(text);
        } else {
            assertThat(vector.get("valid").asBoolean()).isTrue();
            Multiaddr address = Multiaddr.of(vector.get("text").asText());
            assertThat(Multiaddr.of(address.toBytes())).isEqualTo(address).hasToString(address.toString());
        }
    }

    private static void decapsulate(JsonNode vector) {
        Multiaddr left = Multiaddr.of(vector.get("left").asText());
        Multiaddr suffix = Multiaddr.of(vector.get("decapsulate").asText());
        JsonNode expected = vector.get("expected");
        assertThat(left.decapsulate(suffix))
                .isEqualTo(expected.isNull() ? Optional.empty() : Optional.of(Multiaddr.of(expected.asText())));
    }

    private static void malformed(ThrowingCallable reading) {
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(reading);
    }
}
