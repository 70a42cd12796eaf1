package io.reactivep2p.crypto;

import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.math.ec.ECPoint;

/** An ECDSA public key: a point of one of the curves. */
final class EcPublicKey extends PublicKey {

    private final EcCurve curve;
    private final ECPublicKeyParameters point;

    EcPublicKey(EcCurve curve, ECPublicKeyParameters point, byte[] data) {
        super(curve.type(), data);
        this.curve = curve;
        this.point = point;
    }

    ECPoint point() {
        return point.getQ();
    }

    @Override
    public boolean verify(byte[] message, byte[] signature) {
        return curve.verify(point, message, signature);
    }
}
