package io.reactivep2p.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reactivep2p.multiformats.Multibase;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.testing.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyVectorsTest {

    @TestFactory
    Stream<DynamicTest> publishedKeysAreReadWrittenAndNamedAlike() {
        return Vectors.tests("keys.json", vector -> {
            byte[] privateBytes = Vectors.bytes(vector, "private_key_pb");
            byte[] publicBytes = Vectors.bytes(vector, "public_key_pb");
            PrivateKey privateKey = PrivateKey.decode(privateBytes);
            PublicKey publicKey = PublicKey.decode(publicBytes);

            assertThat(privateKey.encode()).isEqualTo(privateBytes);
            assertThat(publicKey.encode()).isEqualTo(publicBytes);
            assertThat(privateKey.publicKey()).isEqualTo(publicKey).hasSameHashCodeAs(publicKey);
            assertThat(publicKey.type().name())
                    .isEqualToIgnoringCase(vector.get("type").asText());
            assertNamed(PeerId.of(publicKey), vector);
            assertSigns(privateKey, publicKey, vector);
        });
    }

    private static void assertNamed(PeerId id, JsonNode vector) {
        assertThat(id).hasToString(vector.get("peer_id_base58").asText());
        if (vector.has("peer_id_hex")) {
            assertThat(id.toBytes()).isEqualTo(Vectors.bytes(vector, "peer_id_hex"));
            assertThat(id.toCid()).isEqualTo(vector.get("peer_id_cid_base36").asText());
            assertThat(id.toCid(Multibase.BASE32))
                    .isEqualTo(vector.get("peer_id_cid_base32").asText());
        }
    }

    private static void assertSigns(PrivateKey privateKey, PublicKey publicKey, JsonNode vector) {
        byte[] message = vector.path("message_utf8").asText("any message").getBytes(StandardCharsets.UTF_8);
        byte[] signature = privateKey.sign(message);
        assertThat(publicKey.verify(message, signature)).isTrue();
        if (vector.has("signature_hex")) {
            byte[] published = Vectors.bytes(vector, "signature_hex");
            assertThat(publicKey.verify(message, published)).isTrue();
            assertThat(signature).isEqualTo(published);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // RFC 8032 section 7.1, tests 1 and 2
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
                + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
                + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    })
    void ed25519SignsAsTheRfcDoes(String seed, String publicKey, String message, String signature) {
        HexFormat hex = HexFormat.of();
        KeyPair pair = KeyPair.ofSeed(hex.parseHex(seed));
        assertThat(pair.publicKey().data()).isEqualTo(hex.parseHex(publicKey));
        assertThat(pair.sign(hex.parseHex(message))).isEqualTo(hex.parseHex(signature));
        assertThat(pair.publicKey().verify(hex.parseHex(message), hex.parseHex(signature)))
                .isTrue();
    }

    @Test
    void printingAKeyNeverShowsThePrivatePart() {
        KeyPair pair = KeyPair.generate();
        String seed = HexFormat.of().formatHex(pair.privateKey().encode(), 4, 36);
        assertThat(pair.toString() + pair.privateKey()).doesNotContain(seed.substring(0, 8));
        assertThat(pair.privateKey()).hasToString("ED25519 private key");
    }
}
