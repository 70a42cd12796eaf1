package io.reactivep2p.security.noise;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Through arrays, for ciphers in Java: sockets want memory outside the heap, so each frame is copied once on its way. */
final class ArrayFrameCodec implements NoiseFrameCodec {

    /** Where the content of an outgoing frame begins: a multiple of eight, as the JDK's cipher works on whole longs. */
    private static final int CONTENT = 16;

    private final AeadCipher aead;
    private final byte[] plaintextArray = new byte[NoiseFrames.MAX_PLAINTEXT];
    private final ByteBuf plaintext = Unpooled.wrappedBuffer(plaintextArray).clear();

    /** One frame, either way: on the way out its content begins at {@link #CONTENT}, behind its header; on the way in at 0. */
    private final byte[] ciphertext = new byte[CONTENT + NoiseFrames.MAX_LENGTH];

    ArrayFrameCodec(AeadCipher aead) {
        this.aead = aead;
    }

    @Override
    public ByteBuf plaintext() {
        return plaintext.clear();
    }

    @Override
    public ByteBuf seal(ByteBufAllocator allocator, CipherState state) {
        int encrypted = state.encrypt(
                aead, AeadCipher.NO_DATA, plaintextArray, 0, plaintext.readableBytes(), ciphertext, CONTENT);
        int begin = CONTENT - NoiseFrames.HEADER_LENGTH;
        ciphertext[begin] = (byte) (encrypted >>> 8);
        ciphertext[begin + 1] = (byte) encrypted;
        int total = NoiseFrames.HEADER_LENGTH + encrypted;
        return allocator.ioBuffer(total).writeBytes(ciphertext, begin, total);
    }

    @Override
    public @Nullable ByteBuf open(
            ByteBufAllocator allocator, CipherState state, NoiseFrameReader reader, ByteBuf in, int length) {
        reader.take(in, length, ciphertext);
        int size = length - AeadCipher.TAG_LENGTH;
        // A heap buffer, into whose array the cipher writes directly. Of the exact size, so that no recycled bytes can
        // be reached.
        ByteBuf opened = allocator.heapBuffer(size, size);
        int decrypted = -1;
        try {
            decrypted = state.decrypt(
                    aead, AeadCipher.NO_DATA, ciphertext, 0, length, opened.array(), opened.arrayOffset());
        } finally {
            if (decrypted < 0) {
                opened.release();
            }
        }
        return decrypted < 0 ? null : opened.writerIndex(decrypted);
    }
}
