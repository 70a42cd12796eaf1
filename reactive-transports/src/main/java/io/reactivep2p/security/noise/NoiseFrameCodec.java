package io.reactivep2p.security.noise;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Turns plaintext into frames and frames into plaintext, for all connections of one event loop. Apart by where a cipher works fastest,
 * so that no byte is copied for nothing.
 */
sealed interface NoiseFrameCodec permits ArrayFrameCodec, NativeFrameCodec {

    /** The codec that suits {@code aead}. */
    static NoiseFrameCodec of(AeadCipher aead) {
        return aead instanceof JcaAeadCipher cipher && cipher.isNative()
                ? new NativeFrameCodec(cipher)
                : new ArrayFrameCodec(aead);
    }

    /** Where the plaintext of the next frame is gathered: {@link NoiseFrames#MAX_PLAINTEXT} long, valid until it is sealed. */
    ByteBuf plaintext();

    /**
     * The frame of what is readable in {@link #plaintext()}.
     *
     * @throws IllegalStateException if the cipher fails; an error of the allocator passes through. A nonce may be spent then
     */
    ByteBuf seal(ByteBufAllocator allocator, CipherState state);

    /**
     * The plaintext of a frame that {@code reader} has found: the caller's to release, empty where the frame says nothing.
     *
     * @param length as {@link NoiseFrameReader#next(ByteBuf, int, int)} returned it, at least that of a tag
     * @return null if the frame is not authentic
     */
    @Nullable
    ByteBuf open(ByteBufAllocator allocator, CipherState state, NoiseFrameReader reader, ByteBuf in, int length);
}
