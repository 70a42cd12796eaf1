package io.reactivep2p.crypto;

import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 public key: the encoding of a point. */
final class Ed25519PublicKey extends PublicKey {

    static final int BYTES = Ed25519.PUBLIC_KEY_SIZE;
    private static final int SIGNATURE_BYTES = Ed25519.SIGNATURE_SIZE;

    private final Ed25519PublicKeyParameters point;

    private Ed25519PublicKey(byte[] data, Ed25519PublicKeyParameters point) {
        super(KeyType.ED25519, data);
        this.point = point;
    }

    static Ed25519PublicKey ofData(byte[] data) {
        if (data.length != BYTES) {
            throw new MalformedKeyException("Ed25519 public key of " + data.length + " bytes; expected " + BYTES);
        }
        try {
            // Refuses what is no canonical encoding of a point, and the points of small order.
            return new Ed25519PublicKey(data, new Ed25519PublicKeyParameters(data));
        } catch (IllegalArgumentException e) {
            throw new MalformedKeyException(
                    "Ed25519 public key " + HexFormat.of().formatHex(data)
                            + " is no point of the curve, or one of small order",
                    e);
        }
    }

    @Override
    public boolean verify(byte[] message, byte[] signature) {
        return signature.length == SIGNATURE_BYTES
                && point.verify(Ed25519.Algorithm.Ed25519, null, message, 0, message.length, signature, 0);
    }
}
