package io.reactivep2p.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPrivateCrtKeySpec;

/** An RSA private key of two primes. */
final class RsaPrivateKey extends PrivateKey {

    /** What new keys have; go-libp2p generates the same. */
    private static final int GENERATED_BITS = 2_048;

    private final java.security.PrivateKey key;

    private RsaPrivateKey(PublicKey publicKey, java.security.PrivateKey key, byte[] data) {
        super(publicKey, data);
        this.key = key;
    }

    static RsaPrivateKey generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(GENERATED_BITS, random);
            RSAPrivateCrtKey key =
                    (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
            byte[] data = Der.sequence(
                    Der.integer(BigInteger.ZERO),
                    Der.integer(key.getModulus()),
                    Der.integer(key.getPublicExponent()),
                    Der.integer(key.getPrivateExponent()),
                    Der.integer(key.getPrimeP()),
                    Der.integer(key.getPrimeQ()),
                    Der.integer(key.getPrimeExponentP()),
                    Der.integer(key.getPrimeExponentQ()),
                    Der.integer(key.getCrtCoefficient()));
            return new RsaPrivateKey(RsaPublicKey.of(key.getModulus(), key.getPublicExponent()), key, data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has RSA", e);
        }
    }

    static RsaPrivateKey ofData(byte[] data) {
        DerReader outer = new DerReader(data, "RSA private key");
        DerReader sequence = outer.enter(Der.SEQUENCE);
        outer.finish();
        if (sequence.integer(8).signum() != 0) {
            throw new MalformedKeyException("RSA private key is not of version 0 (two primes)");
        }
        int max = RsaPublicKey.MAX_BITS;
        BigInteger n = sequence.integer(max);
        BigInteger e = sequence.integer(max);
        BigInteger d = sequence.integer(max);
        BigInteger p = sequence.integer(max);
        BigInteger q = sequence.integer(max);
        BigInteger dp = sequence.integer(max);
        BigInteger dq = sequence.integer(max);
        BigInteger inverse = sequence.integer(max);
        sequence.finish();
        RsaPublicKey publicKey = RsaPublicKey.of(n, e);
        boolean sound = p.multiply(q).equals(n)
                && isInverse(e, d, p, dp)
                && isInverse(e, d, q, dq)
                && inverse.compareTo(p) < 0
                && q.multiply(inverse).mod(p).equals(BigInteger.ONE);
        if (!sound) {
            throw new MalformedKeyException("RSA private key whose numbers do not belong together");
        }
        try {
            return new RsaPrivateKey(
                    publicKey,
                    KeyFactory.getInstance("RSA")
                            .generatePrivate(new RSAPrivateCrtKeySpec(n, e, d, p, q, dp, dq, inverse)),
                    data);
        } catch (GeneralSecurityException refused) {
            throw new MalformedKeyException("RSA private key is refused: " + refused.getMessage(), refused);
        }
    }

    /** Whether {@code exponent} is {@code d} modulo {@code prime} - 1, and undoes {@code e} there. */
    private static boolean isInverse(BigInteger e, BigInteger d, BigInteger prime, BigInteger exponent) {
        BigInteger order = prime.subtract(BigInteger.ONE);
        return order.signum() > 0
                && d.mod(order).equals(exponent)
                && e.multiply(exponent).mod(order).equals(BigInteger.ONE);
    }

    @Override
    public byte[] sign(byte[] message) {
        try {
            Signature signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(key);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with an RSA key failed", e);
        }
    }
}
