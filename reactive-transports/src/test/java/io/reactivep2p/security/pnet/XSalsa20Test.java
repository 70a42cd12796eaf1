package io.reactivep2p.security.pnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.engines.Salsa20Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.junit.jupiter.api.Test;

class XSalsa20Test {

    /** golang.org/x/crypto. */
    @Test
    void theKnownAnswerIsReproduced() {
        JsonNode vector = Vectors.named("xsalsa20 known answer");
        byte[] bytes = Vectors.bytes(vector, "plaintext");
        cipher(vector).apply(bytes, 0, bytes.length);
        assertThat(bytes).isEqualTo(Vectors.bytes(vector, "ciphertext"));
    }

    /** NaCl, tests/stream3.c: the first 32 bytes of a keystream. */
    @Test
    void theKeystreamOfNaclIsReproduced() {
        byte[] key = hex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
        byte[] nonce = hex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");
        byte[] bytes = new byte[32];
        new XSalsa20(key, nonce).apply(bytes, 0, bytes.length);
        assertThat(bytes).isEqualTo(hex("eea6a7251c1e72916d11c2cb214d3c252539121d8e234e652d651fa4c8cff880"));
    }

    /** eSTREAM, Salsa20 with a key of 256 bits, set 1, vector 0: what the fingerprint is made with. */
    @Test
    void theKeystreamOfSalsa20IsReproduced() {
        byte[] key = new byte[32];
        key[0] = (byte) 0x80;
        Salsa20Engine engine = new Salsa20Engine();
        engine.init(true, new ParametersWithIV(new KeyParameter(key), new byte[8]));
        byte[] bytes = new byte[64];
        engine.processBytes(bytes, 0, bytes.length, bytes, 0);
        assertThat(bytes)
                .isEqualTo(hex("e3be8fdd8beca2e3ea8ef9475b29a6e7003951e1097a5c38d23b7a5fad9f6844"
                        + "b22c97559e2723c7cbbd3fe4fc8d9a0744652a83e72a9c461876af4d7ef1a117"));
    }

    @Test
    void theKeystreamGoesOnWhereItStoppedHoweverItIsCut() {
        JsonNode vector = Vectors.named("stream counter across blocks");
        byte[] stream = Vectors.bytes(vector, "keystream");
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            XSalsa20 cipher = cipher(vector);
            byte[] bytes = new byte[stream.length];
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, random.nextInt(80));
                cipher.apply(bytes, at, length);
                at += length;
            }
            assertThat(bytes).isEqualTo(stream);
        }
    }

    @Test
    void bytesAroundTheRangeAreLeftAlone() {
        byte[] bytes = new byte[30];
        new XSalsa20(new byte[32], new byte[XSalsa20.NONCE_BYTES]).apply(bytes, 10, 10);
        assertThat(Arrays.copyOf(bytes, 10)).containsOnly(0);
        assertThat(Arrays.copyOfRange(bytes, 20, 30)).containsOnly(0);
        assertThat(Arrays.copyOfRange(bytes, 10, 20)).isEqualTo(hex("ba6e26df4b2ea2cf64d2"));
    }

    private static XSalsa20 cipher(JsonNode vector) {
        return new XSalsa20(Vectors.bytes(vector, "key"), Vectors.bytes(vector, "nonce"));
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
