package io.reactivep2p.crypto;

import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 public key: the encoding of a point. */
final class Ed25519PublicKey extends PublicKey {

    static final int BYTES = Ed25519.PUBLIC_KEY_SIZE;

    private final Ed25519Engine.Verifier verifier;

    private Ed25519PublicKey(byte[] data, Ed25519Engine.Verifier verifier) {
        super(KeyType.ED25519, data);
        this.verifier = verifier;
    }

    static Ed25519PublicKey ofData(byte[] data) {
        if (data.length != BYTES) {
            throw new MalformedKeyException("Ed25519 public key of " + data.length + " bytes; expected " + BYTES);
        }
        // Refuses what is no canonical encoding of a point, and the points of small order.
        Ed25519.PublicPoint point = Ed25519.validatePublicKeyPartialExport(data, 0);
        if (point == null) {
            throw new MalformedKeyException("Ed25519 public key "
                    + HexFormat.of().formatHex(data) + " is no point of the curve, or one of small order");
        }
        return new Ed25519PublicKey(data, Ed25519Engine.fastest().verifier(data, point));
    }

    @Override
    public boolean verify(byte[] message, byte[] signature) {
        return verifier.verify(message, signature);
    }
}
