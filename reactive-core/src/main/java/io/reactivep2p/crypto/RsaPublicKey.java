package io.reactivep2p.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;

/** An RSA public key, checked to be of a size that can be worked with before anything is computed with it. */
final class RsaPublicKey extends PublicKey {

    /** Less is weak; more costs a verifier milliseconds and more (CVE-2023-39533). go-libp2p has the same limits. */
    static final int MIN_BITS = 2_048;

    static final int MAX_BITS = 8_192;

    /** go-libp2p's limit, 2^31 - 1; a long exponent makes verifying as dear as signing. */
    private static final int MAX_EXPONENT_BITS = 31;

    /** 1.2.840.113549.1.1.1 */
    private static final byte[] RSA_ENCRYPTION_OID = HexFormat.of().parseHex("2a864886f70d010101");

    private static final BigInteger THREE = BigInteger.valueOf(3);

    /** DER of what stands before the hash: SEQUENCE (SEQUENCE (OID of SHA-256, NULL), OCTET STRING of 32 bytes). */
    private static final byte[] SHA256_DIGEST_INFO = HexFormat.of().parseHex("3031300d060960864801650304020105000420");

    private final BigInteger modulus;
    private final BigInteger exponent;

    private RsaPublicKey(BigInteger modulus, BigInteger exponent, byte[] data) {
        super(KeyType.RSA, data);
        this.modulus = modulus;
        this.exponent = exponent;
    }

    static RsaPublicKey of(BigInteger modulus, BigInteger exponent) {
        check(modulus, exponent);
        byte[] data = Der.sequence(
                Der.sequence(Der.value(Der.OBJECT_IDENTIFIER, RSA_ENCRYPTION_OID), Der.value(Der.NULL)),
                Der.bitString(Der.sequence(Der.integer(modulus), Der.integer(exponent))));
        return new RsaPublicKey(modulus, exponent, data);
    }

    static RsaPublicKey ofData(byte[] data) {
        DerReader outer = new DerReader(data, "RSA public key");
        DerReader info = outer.enter(Der.SEQUENCE);
        outer.finish();
        DerReader algorithm = info.enter(Der.SEQUENCE);
        algorithm.expect(Der.OBJECT_IDENTIFIER, RSA_ENCRYPTION_OID, "rsaEncryption");
        algorithm.expect(Der.NULL, new byte[0], "null");
        algorithm.finish();
        DerReader bits = info.bitString();
        info.finish();
        DerReader key = bits.enter(Der.SEQUENCE);
        bits.finish();
        BigInteger modulus = key.integer(MAX_BITS);
        BigInteger exponent = key.integer(MAX_EXPONENT_BITS);
        key.finish();
        check(modulus, exponent);
        return new RsaPublicKey(modulus, exponent, data);
    }

    private static void check(BigInteger modulus, BigInteger exponent) {
        int bits = modulus.bitLength();
        if (bits < MIN_BITS || bits > MAX_BITS) {
            throw new MalformedKeyException(
                    "RSA key of " + bits + " bits; expected " + MIN_BITS + " to " + MAX_BITS + " bits");
        }
        if (!modulus.testBit(0)) {
            throw new MalformedKeyException("RSA key with an even modulus");
        }
        if (exponent.bitLength() > MAX_EXPONENT_BITS || exponent.compareTo(THREE) < 0 || !exponent.testBit(0)) {
            throw new MalformedKeyException(
                    "RSA key with the exponent " + exponent + "; expected an odd one from 3 to 2147483647");
        }
    }

    /**
     * RFC 8017 section 8.2.2: the signature must decrypt to the one encoding of the message, which is made and compared
     * rather than parsed, so that there is no slack to forge in. Half of what the JDK's {@code Signature} takes, whose
     * look-ups cost more than the arithmetic; nothing here is secret.
     */
    @Override
    public boolean verify(byte[] message, byte[] signature) {
        int length = (modulus.bitLength() + 7) / 8;
        if (signature.length != length) {
            return false;
        }
        BigInteger s = new BigInteger(1, signature);
        return s.compareTo(modulus) < 0
                && s.modPow(exponent, modulus).equals(new BigInteger(1, encoded(message, length)));
    }

    /** {@code 00 01 ff ... ff 00}, then the hash with its description. */
    private static byte[] encoded(byte[] message, int length) {
        byte[] hash = Sha256.of(message);
        byte[] encoded = new byte[length];
        int hashStart = length - hash.length;
        int infoStart = hashStart - SHA256_DIGEST_INFO.length;
        encoded[1] = 1;
        Arrays.fill(encoded, 2, infoStart - 1, (byte) 0xff);
        System.arraycopy(SHA256_DIGEST_INFO, 0, encoded, infoStart, SHA256_DIGEST_INFO.length);
        System.arraycopy(hash, 0, encoded, hashStart, hash.length);
        return encoded;
    }
}
