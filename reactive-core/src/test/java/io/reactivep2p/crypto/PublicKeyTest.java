package io.reactivep2p.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.testing.Rounds;
import io.reactivep2p.testing.Vectors;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicKeyTest {

    private static final byte[] MESSAGE = "a message".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    private static final Map<KeyType, KeyPair> PAIRS = new EnumMap<>(KeyType.class);

    @BeforeAll
    static void generateKeys() {
        for (KeyType type : KeyType.values()) {
            PAIRS.put(type, KeyPair.generate(type));
        }
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static void assertRefused(byte[] key) {
        assertRefused(key, "");
    }

    private static void assertRefused(byte[] key, String reason) {
        assertThatExceptionOfType(MalformedKeyException.class)
                .isThrownBy(() -> PublicKey.decode(key))
                .withMessageContaining(reason);
    }

    private static byte[] message(KeyType type, byte[] data) {
        return new KeyEncoding(type, data).encode();
    }

    @ParameterizedTest
    @EnumSource
    void generatedKeysSurviveTheRoundTripAndSign(KeyType type) {
        KeyPair pair = PAIRS.get(type);
        assertThat(pair.type()).isEqualTo(type);
        assertThat(PublicKey.decode(pair.publicKey().encode())).isEqualTo(pair.publicKey());
        assertThat(PrivateKey.decode(pair.privateKey().encode())).isEqualTo(pair.privateKey());
        assertThat(KeyPair.of(PrivateKey.decode(pair.privateKey().encode()))).isEqualTo(pair);
        assertThat(pair.publicKey().verify(MESSAGE, pair.sign(MESSAGE))).isTrue();
        assertThat(KeyPair.generate(type)).isNotEqualTo(pair);
    }

    @ParameterizedTest
    @EnumSource
    void damagedSignaturesAreNotValid(KeyType type) {
        KeyPair pair = PAIRS.get(type);
        byte[] signature = pair.sign(MESSAGE);
        for (int bit = 0; bit < signature.length * 8; bit += type == KeyType.RSA ? 61 : 1) {
            byte[] damaged = signature.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(pair.publicKey().verify(MESSAGE, damaged))
                    .as("bit %d", bit)
                    .isFalse();
        }
        for (int length = 0; length < signature.length; length++) {
            assertThat(pair.publicKey().verify(MESSAGE, Arrays.copyOf(signature, length)))
                    .isFalse();
        }
        assertThat(pair.publicKey().verify(MESSAGE, Arrays.copyOf(signature, signature.length + 1)))
                .isFalse();
        assertThat(pair.publicKey().verify(new byte[0], signature)).isFalse();
    }

    @Test
    void signaturesOfOtherKeysAreNotValid() {
        PAIRS.forEach((type, pair) ->
                PAIRS.forEach((otherType, other) -> assertThat(pair.publicKey().verify(MESSAGE, other.sign(MESSAGE)))
                        .as("%s verifies what %s signed", type, otherType)
                        .isEqualTo(type == otherType)));
    }

    @Test
    @DisplayName("CVE-2019-15545: a well-formed Ed25519 signature that is not the key's for the message is not valid")
    void cve201915545() {
        KeyPair alice = KeyPair.ofSeed(new byte[32]);
        KeyPair mallory = KeyPair.generate();
        byte[] signature = alice.sign(MESSAGE);
        PublicKey key = alice.publicKey();
        assertThat(key.verify(MESSAGE, signature)).isTrue();
        assertThat(key.verify("another".getBytes(java.nio.charset.StandardCharsets.UTF_8), signature))
                .isFalse();
        assertThat(key.verify(MESSAGE, mallory.sign(MESSAGE))).isFalse();
        assertThat(key.verify(MESSAGE, new byte[64])).isFalse();
        // R is a proper point (the key), S is zero or one.
        byte[] proper = Arrays.copyOf(key.data(), 64);
        assertThat(key.verify(MESSAGE, proper)).isFalse();
        proper[32] = 1;
        assertThat(key.verify(MESSAGE, proper)).isFalse();
        // S + L is the same scalar, which RFC 8032 section 5.1.7 forbids.
        BigInteger order = BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
        byte[] malleable = signature.clone();
        byte[] s = new byte[32];
        for (int i = 0; i < 32; i++) {
            s[i] = signature[63 - i];
        }
        byte[] big = new BigInteger(1, s).add(order).toByteArray();
        for (int i = 0; i < 32; i++) {
            malleable[32 + i] = i < big.length ? big[big.length - 1 - i] : 0;
        }
        assertThat(key.verify(MESSAGE, malleable)).isFalse();
    }

    @Test
    @DisplayName("CVE-2023-39533: RSA keys below 2048 and above 8192 bits are refused before any maths")
    void cve202339533() {
        for (int bits : new int[] {512, 1024, 2047, 8193, 9000}) {
            assertRefused(rsa(BigInteger.ONE.shiftLeft(bits - 1).setBit(0), 65_537), "bits");
        }
        assertRefused(rsa(BigInteger.ONE.shiftLeft(200_000).setBit(0), 65_537), "bytes");
        for (int bits : new int[] {2048, 8192}) {
            // No modulus of two primes, but that is for the owner to worry about; verifying just fails.
            PublicKey key =
                    PublicKey.decode(rsa(BigInteger.ONE.shiftLeft(bits - 1).setBit(0), 65_537));
            assertThat(key.verify(MESSAGE, new byte[bits / 8])).isFalse();
        }
    }

    private static byte[] rsa(BigInteger modulus, long exponent) {
        byte[] data = Der.sequence(
                Der.sequence(Der.value(Der.OBJECT_IDENTIFIER, hex("2a864886f70d010101")), Der.value(Der.NULL)),
                Der.bitString(Der.sequence(Der.integer(modulus), Der.integer(BigInteger.valueOf(exponent)))));
        return message(KeyType.RSA, data);
    }

    @Test
    void rsaKeysThatCostTooMuchOrProveNothingAreRefused() {
        BigInteger modulus = BigInteger.ONE.shiftLeft(2047).setBit(0);
        for (long exponent : new long[] {0, 1, 2, 65_536, 1L << 31, (1L << 33) + 1}) {
            assertRefused(rsa(modulus, exponent));
        }
        assertRefused(rsa(modulus, -3), "negative");
        assertRefused(rsa(modulus.add(BigInteger.ONE), 65_537), "even");
        assertRefused(rsa(modulus.negate(), 65_537), "negative");
    }

    @Test
    void anRsaSignatureWithRoomForForgeryIsNotValid() {
        // With the exponent 3 and a verifier that parses, a cube root makes a signature (Bleichenbacher 2006).
        byte[] hash = Sha256.of(MESSAGE);
        byte[] encoded = new byte[256];
        byte[] start = hex("0001ffffffffffffffff00" + "3031300d060960864801650304020105000420");
        System.arraycopy(start, 0, encoded, 0, start.length);
        System.arraycopy(hash, 0, encoded, start.length, hash.length);
        Arrays.fill(encoded, start.length + hash.length, encoded.length, (byte) 0xff);
        BigInteger target = new BigInteger(1, encoded);
        BigInteger root = BigInteger.ZERO;
        for (int bit = target.bitLength() / 3 + 1; bit >= 0; bit--) {
            BigInteger larger = root.setBit(bit);
            root = larger.pow(3).compareTo(target) <= 0 ? larger : root;
        }
        byte[] signature = new byte[256];
        byte[] bytes = root.toByteArray();
        System.arraycopy(bytes, 0, signature, 256 - bytes.length, bytes.length);
        byte[] cube = new byte[256];
        byte[] cubed = root.pow(3).toByteArray();
        System.arraycopy(cubed, 0, cube, 256 - cubed.length, cubed.length);
        assertThat(cube).startsWith(Arrays.copyOf(encoded, start.length + hash.length));

        PublicKey key = PublicKey.decode(rsa(BigInteger.ONE.shiftLeft(2048).subtract(BigInteger.ONE), 3));
        assertThat(key.verify(MESSAGE, signature)).isFalse();
    }

    @Test
    void anRsaSignatureHasOneForm() {
        KeyPair pair = PAIRS.get(KeyType.RSA);
        byte[] signature = pair.sign(MESSAGE);
        RSAPublicKey key = rsaKey(pair.publicKey());
        // s + n is the same number to the arithmetic, where it still fits the length.
        byte[] larger = new BigInteger(1, signature).add(key.getModulus()).toByteArray();
        byte[] other = Arrays.copyOfRange(larger, larger.length - 256, larger.length);
        assertThat(pair.publicKey().verify(MESSAGE, other)).isFalse();
        assertThat(pair.publicKey().verify(MESSAGE, new byte[256])).isFalse();
    }

    @Test
    void rsaSignaturesAreJudgedAsTheJdkJudgesThem() {
        KeyPair pair = PAIRS.get(KeyType.RSA);
        RSAPublicKey key = rsaKey(pair.publicKey());
        Rounds.of(20, random -> {
            byte[] message = Rounds.bytes(random, 200);
            byte[] signature = random.nextBoolean() ? pair.sign(message) : pair.sign(MESSAGE);
            Signature jdk = Signature.getInstance("SHA256withRSA");
            jdk.initVerify(key);
            jdk.update(message);
            assertThat(pair.publicKey().verify(message, signature)).isEqualTo(jdk.verify(signature));
        });
    }

    private static RSAPublicKey rsaKey(PublicKey key) {
        try {
            return (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(key.data()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName("CVE-2026-110789: a DER length beyond the buffer is refused at once")
    void cve2026110789() {
        byte[] rsa = PAIRS.get(KeyType.RSA).publicKey().data();
        List<String> lengths =
                List.of("82ffff", "83ffffff", "847fffffff", "84ffffffff", "88ffffffffffffffff", "80", "ff", "7f");
        for (String length : lengths) {
            byte[] start = hex("30" + length);
            byte[] data = Arrays.copyOf(start, start.length + 20);
            assertRefused(message(KeyType.RSA, data), "DER");
            assertRefused(message(KeyType.ECDSA, data), "DER");
            assertThat(PAIRS.get(KeyType.ECDSA).publicKey().verify(MESSAGE, data))
                    .isFalse();
        }
        for (int cut = 0; cut < rsa.length; cut++) {
            assertRefused(message(KeyType.RSA, Arrays.copyOf(rsa, cut)));
        }
        byte[] longer = Arrays.copyOf(rsa, rsa.length + 1);
        assertRefused(message(KeyType.RSA, longer), "too many");
        Rounds.of(500, random -> {
            byte[] damaged = rsa.clone();
            damaged[random.nextInt(40)] = (byte) random.nextInt(256);
            try {
                assertThat(PublicKey.decode(message(KeyType.RSA, damaged)).data())
                        .isEqualTo(damaged);
            } catch (MalformedKeyException expected) {
                assertThat(expected).hasMessageContaining("RSA");
            }
        });
    }

    @Test
    void anotherEncodingOfAKeyIsNotAnotherPeer() {
        String data = "1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e";
        assertThat(PeerId.of(PublicKey.decode(hex("08011220" + data))))
                .hasToString("12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq");
        for (String other : List.of(
                "1220" + data + "0801", // the other order
                "0881001220" + data, // the type in two bytes
                "080112a000" + data, // the length in two bytes
                "08011220" + data + "1801", // an unknown field
                "080008011220" + data, // the type twice, the last wins
                "080108041220" + data, // the type twice, the last unknown
                "08011220" + data + "1220" + data, // the data twice
                "088180808010" + "1220" + data)) { // the type 2^32 + 1
            assertRefused(hex(other), "deterministic");
        }
    }

    @Test
    void missingFieldsAndUnknownTypesAreNamed() {
        String data = "1220" + "11".repeat(32);
        assertRefused(new byte[0], "Type");
        assertRefused(hex(data), "lacks the field Type");
        assertRefused(hex("0801"), "lacks the field Data");
        assertRefused(hex("0804" + data), "unknown type 4");
        assertRefused(hex("08ffffffff07" + data), "unknown type 2147483647");
        assertRefused(hex("0801122111"), "protobuf");
        assertRefused(new byte[PublicKey.MAX_ENCODED_BYTES + 1], "2049 bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 33, 64})
    void ed25519KeysHave32Bytes(int length) {
        assertRefused(message(KeyType.ED25519, new byte[length]), length + " bytes");
    }

    @Test
    void ed25519KeysOfSmallOrderAndNoPointsAreRefused() {
        for (String point : List.of(
                "0100000000000000000000000000000000000000000000000000000000000000",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa")) {
            assertRefused(message(KeyType.ED25519, hex(point)), "small order");
        }
        assertRefused(message(KeyType.ED25519, hex("02" + "00".repeat(31))), "no point");
        assertRefused(message(KeyType.ED25519, hex("ff".repeat(32))), "no point"); // y above the prime
    }

    @Test
    void secp256k1PointsMayComeUncompressedAndAreTheSamePeer() {
        PublicKey key = PAIRS.get(KeyType.SECP256K1).publicKey();
        byte[] uncompressed = ((EcPublicKey) key).point().getEncoded(false);
        assertThat(uncompressed).hasSize(65);
        assertThat(PublicKey.decode(message(KeyType.SECP256K1, uncompressed))).isEqualTo(key);

        uncompressed[64] ^= 1;
        assertRefused(message(KeyType.SECP256K1, uncompressed), "no point");
        byte[] hybrid = uncompressed.clone();
        hybrid[0] = 6;
        assertRefused(message(KeyType.SECP256K1, hybrid), "65 bytes");
        assertRefused(message(KeyType.SECP256K1, new byte[1]), "1 bytes");
        assertRefused(message(KeyType.SECP256K1, hex("02" + "ff".repeat(32))), "no point");
    }

    @ParameterizedTest
    @EnumSource(names = {"SECP256K1", "ECDSA"})
    void lowSIsSentAndHighSIsAccepted(KeyType type) {
        KeyPair pair = PAIRS.get(type);
        BigInteger order = new BigInteger(
                type == KeyType.SECP256K1
                        ? "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
                        : "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
                16);
        Rounds.of(50, random -> {
            byte[] message = Rounds.bytes(random, 100);
            byte[] signature = pair.sign(message);
            DerReader sequence = new DerReader(signature, "signature").enter(Der.SEQUENCE);
            BigInteger r = sequence.integer(256);
            BigInteger s = sequence.integer(256);
            assertThat(s).isLessThanOrEqualTo(order.shiftRight(1));
            byte[] high = Der.sequence(Der.integer(r), Der.integer(order.subtract(s)));
            assertThat(pair.publicKey().verify(message, high)).isTrue();
            byte[] beyond = Der.sequence(Der.integer(r), Der.integer(order.add(s)));
            assertThat(pair.publicKey().verify(message, beyond)).isFalse();
            assertThat(pair.publicKey().verify(message, Der.sequence(Der.integer(BigInteger.ZERO), Der.integer(s))))
                    .isFalse();
        });
    }

    @Test
    void ecdsaKeysAreOnP256() {
        byte[] data = PAIRS.get(KeyType.ECDSA).publicKey().data();
        byte[] otherCurve = data.clone();
        otherCurve[22] = 1; // P-192's number
        assertRefused(message(KeyType.ECDSA, otherCurve), "P-256");
        byte[] offCurve = data.clone();
        offCurve[offCurve.length - 1] ^= 1;
        assertRefused(message(KeyType.ECDSA, offCurve), "no point");
        byte[] infinity = Der.sequence(
                Der.sequence(
                        Der.value(Der.OBJECT_IDENTIFIER, hex("2a8648ce3d0201")),
                        Der.value(Der.OBJECT_IDENTIFIER, hex("2a8648ce3d030107"))),
                Der.bitString(new byte[1]));
        assertRefused(message(KeyType.ECDSA, infinity), "1 bytes");
    }

    @Test
    void theKeyOfAnExchangeIsTheKeyOfItsPeer() {
        byte[] exchange = Vectors.load("frames.json").stream()
                .filter(frame -> frame.get("message").asText().startsWith("Plaintext Exchange"))
                .map(frame -> Vectors.bytes(frame, "hex"))
                .findFirst()
                .orElseThrow();
        // length, tag and length of the id (38 bytes), tag and length of the key (36 bytes)
        PeerId id = PeerId.of(Arrays.copyOfRange(exchange, 3, 41));
        PublicKey key = PublicKey.decode(Arrays.copyOfRange(exchange, 43, 79));
        assertThat(id.matches(key)).isTrue();
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) 1);
        assertThat(KeyPair.ofSeed(seed).publicKey()).isEqualTo(key);
    }
}
