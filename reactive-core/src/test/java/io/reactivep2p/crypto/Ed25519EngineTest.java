package io.reactivep2p.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What either engine must do, whichever an application has. */
class Ed25519EngineTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    /** RFC 8032, section 7.1. */
    private enum Vector {
        TEST_1(
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
        TEST_2(
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

        private final byte[] seed;
        private final byte[] publicKey;
        private final byte[] message;
        private final byte[] signature;

        Vector(String seed, String publicKey, String message, String signature) {
            this.seed = HEX.parseHex(seed);
            this.publicKey = HEX.parseHex(publicKey);
            this.message = HEX.parseHex(message);
            this.signature = HEX.parseHex(signature);
        }
    }

    static List<Ed25519Engine> engines() {
        return List.of(Ed25519Engine.ofBouncyCastle(), Ed25519Engine.ofConscrypt(conscrypt()));
    }

    private static Provider conscrypt() {
        return Objects.requireNonNull(ConscryptProvider.find(), "no Conscrypt for this platform");
    }

    private static Ed25519Engine.Verifier verifier(Ed25519Engine engine, byte[] publicKey) {
        return engine.verifier(
                publicKey, Objects.requireNonNull(Ed25519.validatePublicKeyPartialExport(publicKey, 0), "a point"));
    }

    @Test
    void conscryptIsTakenWhereItIs() {
        assertThat(Ed25519Engine.fastest()).hasSameClassAs(Ed25519Engine.ofConscrypt(conscrypt()));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void theVectorsOfTheRfcAreExact(Ed25519Engine engine) {
        for (Vector vector : Vector.values()) {
            assertThat(engine.signer(vector.seed, vector.publicKey).sign(vector.message))
                    .isEqualTo(vector.signature);
            assertThat(verifier(engine, vector.publicKey).verify(vector.message, vector.signature))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void whatAnotherSignedIsVerifiedAndNothingElseIs(Ed25519Engine engine) {
        Random random = new Random(8_032);
        byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
        byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
        for (int round = 0; round < 20; round++) {
            random.nextBytes(seed);
            Ed25519.generatePublicKey(seed, 0, publicKey, 0);
            byte[] message = new byte[random.nextInt(2_000)];
            random.nextBytes(message);
            Ed25519Engine.Verifier verifier = verifier(engine, publicKey.clone());
            for (Ed25519Engine signing : engines()) {
                byte[] signature =
                        signing.signer(seed.clone(), publicKey.clone()).sign(message);
                assertThat(verifier.verify(message, signature)).isTrue();
                signature[random.nextInt(signature.length)] ^= (byte) (1 << random.nextInt(8));
                assertThat(verifier.verify(message, signature)).isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void everyFlippedBitIsNoticed(Ed25519Engine engine) {
        Vector vector = Vector.TEST_2;
        Ed25519Engine.Verifier verifier = verifier(engine, vector.publicKey);
        for (int bit = 0; bit < vector.signature.length * 8; bit++) {
            byte[] damaged = vector.signature.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(verifier.verify(vector.message, damaged))
                    .as("bit %d", bit)
                    .isFalse();
        }
        assertThat(verifier.verify("another".getBytes(StandardCharsets.UTF_8), vector.signature))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aScalarThatIsNotBelowTheOrderIsRefused(Ed25519Engine engine) {
        Vector vector = Vector.TEST_1;
        byte[] scalar = Arrays.copyOfRange(vector.signature, 32, 64);
        byte[] larger = reversed(new BigInteger(1, reversed(scalar)).add(ORDER).toByteArray());
        byte[] malleated = Arrays.copyOf(vector.signature, 64);
        System.arraycopy(Arrays.copyOf(larger, 32), 0, malleated, 32, 32);

        assertThat(verifier(engine, vector.publicKey).verify(vector.message, malleated))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aSignatureOfAnotherLengthIsNone(Ed25519Engine engine) {
        Vector vector = Vector.TEST_1;
        Ed25519Engine.Verifier verifier = verifier(engine, vector.publicKey);
        for (int length : new int[] {0, 1, 32, 63, 65, 128}) {
            assertThat(verifier.verify(vector.message, Arrays.copyOf(vector.signature, length)))
                    .as("%d bytes", length)
                    .isFalse();
        }
    }

    /** From the byte order of one to that of the other. */
    private static byte[] reversed(byte[] bytes) {
        byte[] turned = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            turned[i] = bytes[bytes.length - 1 - i];
        }
        return turned;
    }
}
