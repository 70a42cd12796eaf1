package io.reactivep2p.security.noise;

/** The sizes of a frame, which is a length in two bytes, big-endian, and that many bytes: a handshake message or ciphertext. */
final class NoiseFrames {

    static final int HEADER_LENGTH = 2;

    /** The longest content: Noise limits messages to what the length can say. */
    static final int MAX_LENGTH = 65_535;

    /** The most plaintext of one frame, as go and js fill them. */
    static final int MAX_PLAINTEXT = MAX_LENGTH - AeadCipher.TAG_LENGTH;

    private NoiseFrames() {}
}
