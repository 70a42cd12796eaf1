package io.reactivep2p.security.noise;

/**
 * What a thread needs to run any number of handshakes and connections, one step at a time: a cipher, a hash and memory of one frame's
 * size. About 200 KiB per event loop, so that an idle connection need hold no more than its keys.
 */
final class CryptoScratch {

    final AeadCipher aead;
    final NoiseHash hash = new NoiseHash();

    /** Of the transport phase. */
    final NoiseFrameCodec frames;

    /** One message of a handshake on its way in. */
    final byte[] message = new byte[NoiseFrames.MAX_LENGTH];

    CryptoScratch(AeadCipher aead) {
        this.aead = aead;
        this.frames = NoiseFrameCodec.of(aead);
    }
}
