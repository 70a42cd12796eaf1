package io.reactivep2p.security.noise;

/**
 * What a thread needs to run any number of handshakes and connections, one step at a time: a cipher, a hash and arrays of one frame's
 * size. About 130 KiB per event loop, so that an idle connection need hold no more than its keys.
 */
final class CryptoScratch {

    /** Where the content of an outgoing frame begins: a multiple of eight, as the JDK's cipher works on whole longs. */
    static final int CONTENT = 16;

    final AeadCipher aead;
    final NoiseHash hash = new NoiseHash();

    /** One frame's plaintext on its way out. */
    final byte[] plaintext = new byte[NoiseFrames.MAX_PLAINTEXT];

    /** One frame, either way: on the way out its content begins at {@link #CONTENT}, behind its header; on the way in at 0. */
    final byte[] ciphertext = new byte[CONTENT + NoiseFrames.MAX_LENGTH];

    CryptoScratch(AeadCipher aead) {
        this.aead = aead;
    }
}
