package io.reactivep2p.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.reactivep2p.testing.Vectors;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PrivateKeyTest {

    private static void assertRefused(KeyType type, byte[] data, String reason) {
        assertThatExceptionOfType(MalformedKeyException.class)
                .isThrownBy(() -> PrivateKey.decode(new KeyEncoding(type, data).encode()))
                .withMessageContaining(reason);
    }

    /** Counts up from a start, so that generated keys are known. */
    private static SecureRandom counting(int start) {
        return new SecureRandom() {
            private static final long serialVersionUID = 1L;
            private int next = start;

            @Override
            public void nextBytes(byte[] bytes) {
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) next++;
                }
            }
        };
    }

    @ParameterizedTest
    @EnumSource(names = {"ED25519", "SECP256K1", "ECDSA"})
    void theSameRandomnessMakesTheSameKey(KeyType type) {
        assertThat(KeyPair.generate(type, counting(1))).isEqualTo(KeyPair.generate(type, counting(1)));
        assertThat(KeyPair.generate(type, counting(1))).isNotEqualTo(KeyPair.generate(type, counting(2)));
    }

    @Test
    void theOldFormWithThePublicKeyTwiceIsRead() {
        KeyPair pair = KeyPair.generate();
        byte[] data = Arrays.copyOfRange(pair.privateKey().encode(), 4, 68);
        byte[] old = Arrays.copyOf(data, 96);
        System.arraycopy(data, 32, old, 64, 32);
        PrivateKey read = PrivateKey.decode(new KeyEncoding(KeyType.ED25519, old).encode());
        assertThat(read).isEqualTo(pair.privateKey());
        assertThat(read.encode()).isEqualTo(pair.privateKey().encode());

        old[95] ^= 1;
        assertRefused(KeyType.ED25519, old, "not its seed's");
        data[63] ^= 1;
        assertRefused(KeyType.ED25519, data, "not its seed's");
        assertRefused(KeyType.ED25519, new byte[32], "32 bytes");
    }

    @Test
    void seedsHave32Bytes() {
        assertThatExceptionOfType(MalformedKeyException.class).isThrownBy(() -> KeyPair.ofSeed(new byte[31]));
        assertThatExceptionOfType(MalformedKeyException.class).isThrownBy(() -> KeyPair.ofSeed(new byte[64]));
    }

    @Test
    void scalarsOutsideTheOrderAreRefused() {
        byte[] order = HexFormat.of().parseHex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
        assertRefused(KeyType.SECP256K1, new byte[32], "order");
        assertRefused(KeyType.SECP256K1, order, "order");
        assertRefused(KeyType.SECP256K1, new byte[33], "33 bytes");
        order[31]--;
        assertThat(PrivateKey.decode(new KeyEncoding(KeyType.SECP256K1, order).encode())
                        .type())
                .isEqualTo(KeyType.SECP256K1);
    }

    @Test
    void ecdsaKeysMustBelongTogether() {
        KeyPair pair = KeyPair.generate(KeyType.ECDSA);
        byte[] encoded = pair.privateKey().encode();
        byte[] data = Arrays.copyOfRange(encoded, 4, encoded.length);
        assertThat(data).hasSize(121);

        byte[] withoutPublic = Der.sequence(
                Arrays.copyOfRange(data, 2, 5), Arrays.copyOfRange(data, 5, 39), Arrays.copyOfRange(data, 39, 51));
        assertThat(PrivateKey.decode(new KeyEncoding(KeyType.ECDSA, withoutPublic).encode()))
                .isEqualTo(pair.privateKey());

        byte[] otherScalar = data.clone();
        otherScalar[38] ^= 1;
        assertRefused(KeyType.ECDSA, otherScalar, "not its own");
        byte[] otherVersion = data.clone();
        otherVersion[4] = 2;
        assertRefused(KeyType.ECDSA, otherVersion, "version");
        assertRefused(KeyType.ECDSA, Arrays.copyOf(data, 122), "too many");
    }

    @Test
    void rsaNumbersMustBelongTogether() {
        byte[] bytes = Vectors.bytes(Vectors.load("keys.json").get(3), "private_key_pb");
        byte[] data = Arrays.copyOfRange(bytes, 5, bytes.length);
        DerReader sequence = new DerReader(data, "key").enter(Der.SEQUENCE);
        BigInteger[] numbers = new BigInteger[9];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = sequence.integer(8192);
        }
        for (int i = 1; i < numbers.length; i++) {
            BigInteger[] changed = numbers.clone();
            changed[i] = changed[i].add(BigInteger.TWO);
            byte[][] parts = Arrays.stream(changed).map(Der::integer).toArray(byte[][]::new);
            assertRefused(KeyType.RSA, Der.sequence(parts), "belong together");
        }
        numbers[0] = BigInteger.ONE;
        byte[][] parts = Arrays.stream(numbers).map(Der::integer).toArray(byte[][]::new);
        assertRefused(KeyType.RSA, Der.sequence(parts), "version");
    }

    @Test
    void aMalformedPrivateKeyIsNotQuoted() {
        byte[] data = new byte[64];
        Arrays.fill(data, (byte) 0x5a);
        assertThatExceptionOfType(MalformedKeyException.class)
                .isThrownBy(() -> PrivateKey.decode(new KeyEncoding(KeyType.ED25519, data).encode()))
                .satisfies(
                        e -> assertThat(e.getMessage()).doesNotContain("5a5a").doesNotContain("ZZ"));
    }
}
