package io.reactivep2p.crypto;

import org.bouncycastle.crypto.params.ECPrivateKeyParameters;

/** An ECDSA private key: a scalar below the order of one of the curves. */
final class EcPrivateKey extends PrivateKey {

    private final EcCurve curve;
    private final ECPrivateKeyParameters scalar;

    EcPrivateKey(EcCurve curve, EcPublicKey publicKey, ECPrivateKeyParameters scalar, byte[] data) {
        super(publicKey, data);
        this.curve = curve;
        this.scalar = scalar;
    }

    @Override
    public byte[] sign(byte[] message) {
        return curve.sign(scalar, message);
    }
}
