package io.reactivep2p.security.pnet;

import io.reactivep2p.connection.SansIo;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/** The keystream of one direction. It only goes forward: each byte of it is used for one byte of the connection. */
@SansIo
final class XSalsa20 {

    static final int NONCE_BYTES = 24;

    private final XSalsa20Engine engine = new XSalsa20Engine();

    XSalsa20(byte[] key, byte[] nonce) {
        engine.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
    }

    /**
     * Encrypts or decrypts in place, which is the same.
     *
     * @throws RuntimeException after 2^70 bytes
     */
    void apply(byte[] bytes, int offset, int length) {
        engine.processBytes(bytes, offset, length, bytes, offset);
    }
}
