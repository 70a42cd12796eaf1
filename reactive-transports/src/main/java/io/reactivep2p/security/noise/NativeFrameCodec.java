package io.reactivep2p.security.noise;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Outside the heap, for ciphers in native code: from the socket's buffer and into it, copying only what lies in pieces. */
final class NativeFrameCodec implements NoiseFrameCodec {

    private final JcaAeadCipher aead;

    // Of the event loop, and freed by the garbage collector when that is gone.
    private final ByteBuf plaintext = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(NoiseFrames.MAX_PLAINTEXT))
            .clear();
    private final ByteBuf gathered = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(NoiseFrames.MAX_LENGTH))
            .clear();

    NativeFrameCodec(JcaAeadCipher aead) {
        this.aead = aead;
    }

    @Override
    public ByteBuf plaintext() {
        return plaintext.clear();
    }

    @Override
    public ByteBuf seal(ByteBufAllocator allocator, CipherState state) {
        int length = plaintext.readableBytes();
        int encrypted = length + AeadCipher.TAG_LENGTH;
        int total = NoiseFrames.HEADER_LENGTH + encrypted;
        ByteBuf frame = allocator.directBuffer(total, total).writeShort(encrypted);
        boolean sealed = false;
        try {
            state.encrypt(
                    aead, plaintext.internalNioBuffer(0, length), frame.nioBuffer(frame.writerIndex(), encrypted));
            sealed = true;
        } finally {
            if (!sealed) {
                frame.release();
            }
        }
        return frame.writerIndex(total);
    }

    @Override
    public @Nullable ByteBuf open(
            ByteBufAllocator allocator, CipherState state, NoiseFrameReader reader, ByteBuf in, int length) {
        ByteBuffer content = reader.view(in, length, gathered);
        int size = length - AeadCipher.TAG_LENGTH;
        // Of the exact size, so that no recycled bytes can be reached.
        ByteBuf opened = allocator.directBuffer(size, size);
        int decrypted = -1;
        try {
            decrypted = state.decrypt(aead, content, opened.nioBuffer(0, size));
        } finally {
            if (decrypted < 0) {
                opened.release();
            }
        }
        return decrypted < 0 ? null : opened.writerIndex(decrypted);
    }
}
