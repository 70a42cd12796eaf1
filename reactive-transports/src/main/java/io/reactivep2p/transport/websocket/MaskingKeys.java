package io.reactivep2p.transport.websocket;

import java.security.SecureRandom;

/** Masking keys that nobody can predict, drawn several at a time: one at a time costs a small frame more than all else. */
final class MaskingKeys {

    private static final int DRAWN = 16;

    private final SecureRandom random;
    private byte[] drawn = {};
    private int used;

    MaskingKeys(SecureRandom random) {
        this.random = random;
    }

    int next() {
        if (used == drawn.length) {
            drawn = drawn.length == 0 ? new byte[DRAWN * Integer.BYTES] : drawn;
            random.nextBytes(drawn);
            used = 0;
        }
        int key = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            key = key << Byte.SIZE | drawn[used++] & 0xFF;
        }
        return key;
    }
}
