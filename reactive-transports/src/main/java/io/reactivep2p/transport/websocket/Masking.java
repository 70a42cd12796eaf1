package io.reactivep2p.transport.websocket;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The masking of what a client sends (RFC 6455, section 5.3): byte {@code i} is combined by exclusive or with byte {@code i mod 4} of the
 * key. The same again undoes it.
 *
 * <p>Eight bytes at a time, on the memory beneath a buffer: the accessors of {@link ByteBuf} check each index and the reference count.
 */
final class Masking {

    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final int KEY_LENGTH = 4;

    private Masking() {}

    /** Masks or unmasks in place. */
    static void apply(ByteBuf buffer, int index, int length, int key) {
        if (buffer.nioBufferCount() == 1) {
            ByteBuffer memory = buffer.nioBuffer(index, length).order(ByteOrder.nativeOrder());
            copy(memory, memory, 0, length, key);
            return;
        }
        int turned = key;
        for (int i = index; i < index + length; i++) {
            turned = Integer.rotateLeft(turned, Byte.SIZE);
            buffer.setByte(i, buffer.getByte(i) ^ turned);
        }
    }

    /** Appends a masked copy of some bytes of {@code source} to {@code target}, which has the room. */
    static void copy(ByteBuf source, int index, int length, int key, ByteBuf target) {
        int at = target.writerIndex();
        if (source.nioBufferCount() == 1 && target.nioBufferCount() == 1) {
            ByteBuffer from = source.nioBuffer(index, length).order(ByteOrder.nativeOrder());
            ByteBuffer to = target.nioBuffer(at, length).order(ByteOrder.nativeOrder());
            copy(from, to, 0, length, key);
            target.writerIndex(at + length);
            return;
        }
        target.writeBytes(source, index, length);
        apply(target, at, length, key);
    }

    /** The key for what follows {@code length} bytes. */
    static int after(int key, long length) {
        return Integer.rotateLeft(key, Byte.SIZE * (int) (length % KEY_LENGTH));
    }

    private static void copy(ByteBuffer from, ByteBuffer to, int start, int length, int key) {
        int words = length & -Long.BYTES;
        long bigEndian = (long) key << Integer.SIZE | key & 0xFFFFFFFFL;
        long word = LITTLE_ENDIAN ? Long.reverseBytes(bigEndian) : bigEndian;
        int i = start;
        for (; i < words; i += Long.BYTES) {
            to.putLong(i, from.getLong(i) ^ word);
        }
        for (int turned = key; i < length; i++) {
            turned = Integer.rotateLeft(turned, Byte.SIZE);
            to.put(i, (byte) (from.get(i) ^ turned));
        }
    }
}
