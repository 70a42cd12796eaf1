package io.reactivep2p.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.XECPrivateKey;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The JDK's own keys are the measure: what it writes is what is written here, and it reads back what is written here. */
class Curve25519EncodingTest {

    @Test
    void keysOfSignaturesAreWrittenAsTheJdkWritesThem() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();

        assertEncoded(Curve25519Encoding.ED25519, pair, seed);
    }

    @Test
    void keysOfExchangesAreWrittenAsTheJdkWritesThem() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
        byte[] scalar = ((XECPrivateKey) pair.getPrivate()).getScalar().orElseThrow();

        assertEncoded(Curve25519Encoding.X25519, pair, scalar);
    }

    private static void assertEncoded(Curve25519Encoding encoding, KeyPair pair, byte[] secret) throws Exception {
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        KeyFactory jdk = KeyFactory.getInstance(pair.getPublic().getAlgorithm());

        assertThat(encoding.bytesOf(pair.getPublic())).isEqualTo(point);
        assertThat(encoding.publicKey(point).getEncoded()).isEqualTo(encoded);
        assertThat(encoding.privateKey(secret).getEncoded())
                .isEqualTo(pair.getPrivate().getEncoded());
        assertThat(jdk.generatePublic(encoding.publicKey(point)))
                .as("what the JDK reads back")
                .isEqualTo(pair.getPublic());
    }
}
