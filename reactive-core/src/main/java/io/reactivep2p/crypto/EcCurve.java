package io.reactivep2p.crypto;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/** The two 256-bit curves that ECDSA is done on, and how each writes its keys. */
enum EcCurve {
    SECP256K1(KeyType.SECP256K1, "secp256k1") {
        @Override
        EcPublicKey publicKey(byte[] data) {
            boolean known = (data.length == COMPRESSED_BYTES && (data[0] == 2 || data[0] == 3))
                    || (data.length == UNCOMPRESSED_BYTES && data[0] == 4);
            if (!known) {
                throw new MalformedKeyException("secp256k1 public key of " + data.length
                        + " bytes; expected a compressed point of 33 or an uncompressed one of 65 bytes");
            }
            return publicKey(point(data));
        }

        @Override
        byte[] encode(ECPoint point) {
            return point.getEncoded(true);
        }

        @Override
        EcPrivateKey privateKey(byte[] data) {
            if (data.length != SCALAR_BYTES) {
                throw new MalformedKeyException(
                        "secp256k1 private key of " + data.length + " bytes; expected " + SCALAR_BYTES);
            }
            return privateKey(new BigInteger(1, data));
        }

        @Override
        byte[] encode(BigInteger scalar, EcPublicKey publicKey) {
            return BigIntegers.asUnsignedByteArray(SCALAR_BYTES, scalar);
        }
    },

    P256(KeyType.ECDSA, "secp256r1") {
        @Override
        EcPublicKey publicKey(byte[] data) {
            DerReader outer = new DerReader(data, "ECDSA public key");
            DerReader info = outer.enter(Der.SEQUENCE);
            outer.finish();
            DerReader algorithm = info.enter(Der.SEQUENCE);
            algorithm.expect(Der.OBJECT_IDENTIFIER, EC_PUBLIC_KEY_OID, "id-ecPublicKey");
            algorithm.expect(Der.OBJECT_IDENTIFIER, P256_OID, "the curve P-256");
            algorithm.finish();
            byte[] point = info.bitString().rest();
            info.finish();
            return publicKey(uncompressed(point));
        }

        @Override
        byte[] encode(ECPoint point) {
            return Der.sequence(
                    Der.sequence(
                            Der.value(Der.OBJECT_IDENTIFIER, EC_PUBLIC_KEY_OID),
                            Der.value(Der.OBJECT_IDENTIFIER, P256_OID)),
                    Der.bitString(point.getEncoded(false)));
        }

        @Override
        EcPrivateKey privateKey(byte[] data) {
            DerReader outer = new DerReader(data, "ECDSA private key");
            DerReader sequence = outer.enter(Der.SEQUENCE);
            outer.finish();
            if (!sequence.integer(8).equals(BigInteger.ONE)) {
                throw new MalformedKeyException("ECDSA private key is not of version 1");
            }
            byte[] scalar = sequence.value(Der.OCTET_STRING);
            if (scalar.length != SCALAR_BYTES) {
                throw new MalformedKeyException(
                        "ECDSA private key has a scalar of " + scalar.length + " bytes; expected " + SCALAR_BYTES);
            }
            DerReader parameters = sequence.enter(Der.CONTEXT_0);
            parameters.expect(Der.OBJECT_IDENTIFIER, P256_OID, "the curve P-256");
            parameters.finish();
            EcPrivateKey key = privateKey(new BigInteger(1, scalar));
            if (sequence.next(Der.CONTEXT_1)) {
                DerReader wrapper = sequence.enter(Der.CONTEXT_1);
                byte[] point = wrapper.bitString().rest();
                wrapper.finish();
                if (!publicKey(uncompressed(point)).equals(key.publicKey())) {
                    throw new MalformedKeyException("ECDSA private key holds a public key that is not its own");
                }
            }
            sequence.finish();
            return key;
        }

        @Override
        byte[] encode(BigInteger scalar, EcPublicKey publicKey) {
            return Der.sequence(
                    Der.integer(BigInteger.ONE),
                    Der.value(Der.OCTET_STRING, BigIntegers.asUnsignedByteArray(SCALAR_BYTES, scalar)),
                    Der.value(Der.CONTEXT_0, Der.value(Der.OBJECT_IDENTIFIER, P256_OID)),
                    Der.value(Der.CONTEXT_1, Der.bitString(publicKey.point().getEncoded(false))));
        }

        private ECPoint uncompressed(byte[] point) {
            if (point.length != UNCOMPRESSED_BYTES || point[0] != 4) {
                throw new MalformedKeyException("ECDSA key holds a point of " + point.length
                        + " bytes; expected an uncompressed one of " + UNCOMPRESSED_BYTES);
            }
            return point(point);
        }
    };

    static final int SCALAR_BYTES = 32;
    static final int COMPRESSED_BYTES = 1 + SCALAR_BYTES;
    static final int UNCOMPRESSED_BYTES = 1 + 2 * SCALAR_BYTES;

    /** SEQUENCE of two integers, each of at most 33 bytes. */
    private static final int MAX_SIGNATURE_BYTES = 2 + 2 * (2 + SCALAR_BYTES + 1);

    /** 1.2.840.10045.2.1 and 1.2.840.10045.3.1.7 */
    private static final byte[] EC_PUBLIC_KEY_OID = HexFormat.of().parseHex("2a8648ce3d0201");

    private static final byte[] P256_OID = HexFormat.of().parseHex("2a8648ce3d030107");

    private final KeyType type;

    @SuppressWarnings("ImmutableEnumChecker") // Bouncy Castle's parameters are immutable, though they do not say so
    private final ECDomainParameters domain;

    private final BigInteger halfOrder;

    EcCurve(KeyType type, String name) {
        this.type = type;
        X9ECParameters parameters = CustomNamedCurves.getByName(name);
        this.domain = new ECDomainParameters(parameters);
        this.halfOrder = domain.getN().shiftRight(1);
    }

    KeyType type() {
        return type;
    }

    /** Reads the {@code Data} field of a public key. */
    abstract EcPublicKey publicKey(byte[] data);

    /** The {@code Data} field of a public key. */
    abstract byte[] encode(ECPoint point);

    /** Reads the {@code Data} field of a private key. */
    abstract EcPrivateKey privateKey(byte[] data);

    /** The {@code Data} field of a private key. */
    abstract byte[] encode(BigInteger scalar, EcPublicKey publicKey);

    EcPrivateKey generate(SecureRandom random) {
        byte[] candidate = new byte[SCALAR_BYTES];
        BigInteger scalar;
        do { // the orders are so close below 2^256 that a second round is never seen
            random.nextBytes(candidate);
            scalar = new BigInteger(1, candidate);
        } while (scalar.signum() == 0 || scalar.compareTo(domain.getN()) >= 0);
        Arrays.fill(candidate, (byte) 0);
        return privateKey(scalar);
    }

    final EcPrivateKey privateKey(BigInteger scalar) {
        if (scalar.signum() == 0 || scalar.compareTo(domain.getN()) >= 0) {
            throw new MalformedKeyException(type + " private key is not between 1 and the order of the curve");
        }
        EcPublicKey publicKey = publicKey(new FixedPointCombMultiplier().multiply(domain.getG(), scalar));
        return new EcPrivateKey(this, publicKey, new ECPrivateKeyParameters(scalar, domain), encode(scalar, publicKey));
    }

    final EcPublicKey publicKey(ECPoint point) {
        ECPoint normal = point.normalize();
        return new EcPublicKey(this, new ECPublicKeyParameters(normal, domain), encode(normal));
    }

    /** A point that is on the curve and not at infinity. */
    final ECPoint point(byte[] encoded) {
        try {
            return domain.getCurve().decodePoint(encoded);
        } catch (IllegalArgumentException e) {
            throw new MalformedKeyException(
                    type + " public key " + HexFormat.of().formatHex(encoded) + " is no point of the curve", e);
        }
    }

    /** ECDSA with the nonce of RFC 6979 over SHA-256; always the lower of the two valid S. */
    final byte[] sign(ECPrivateKeyParameters key, byte[] message) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, key);
        BigInteger[] rs = signer.generateSignature(Sha256.of(message));
        BigInteger s = rs[1].compareTo(halfOrder) > 0 ? domain.getN().subtract(rs[1]) : rs[1];
        return Der.sequence(Der.integer(rs[0]), Der.integer(s));
    }

    final boolean verify(ECPublicKeyParameters key, byte[] message, byte[] signature) {
        if (signature.length > MAX_SIGNATURE_BYTES) {
            return false;
        }
        BigInteger r;
        BigInteger s;
        try {
            DerReader outer = new DerReader(signature, "signature");
            DerReader sequence = outer.enter(Der.SEQUENCE);
            outer.finish();
            r = sequence.integer(8 * SCALAR_BYTES);
            s = sequence.integer(8 * SCALAR_BYTES);
            sequence.finish();
        } catch (MalformedKeyException e) {
            return false;
        }
        ECDSASigner verifier = new ECDSASigner();
        verifier.init(false, key);
        return verifier.verifySignature(Sha256.of(message), r, s);
    }
}
