package io.reactivep2p.multiformats;

import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A digest that says which hash function made it: {@code varint code, varint length, digest}. Any code and any length are
 * well formed here (digests may be truncated); who needs a particular function checks it. Immutable; equality is on the
 * bytes.
 */
public final class Multihash {

    private static final int SHA2_256_LENGTH = 32;

    private final byte[] bytes;
    private final long code;
    private final int digestStart;

    private Multihash(byte[] bytes, long code, int digestStart) {
        this.bytes = bytes;
        this.code = code;
        this.digestStart = digestStart;
    }

    /** The binary form, nothing before or behind it; malformed: {@link MultiformatException}. */
    public static Multihash of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    static Multihash of(byte[] bytes, int from, int to) {
        int digestStart = digestStart(bytes, from, to);
        byte[] copy = Arrays.copyOfRange(bytes, from, to);
        return new Multihash(copy, Varint.read(bytes, from, to), digestStart - from);
    }

    /** Throws unless the range is one whole multihash; returns where the digest begins. */
    static int digestStart(byte[] bytes, int from, int to) {
        int at = from + Varint.size(Varint.read(bytes, from, to));
        long length = Varint.read(bytes, at, to);
        at += Varint.size(length);
        if (length != to - at) {
            throw new MultiformatException("multihash declares a digest of " + length + " bytes and has " + (to - at));
        }
        return at;
    }

    public static Multihash of(long code, byte[] digest) {
        int digestStart = Varint.size(code) + Varint.size(digest.length);
        byte[] bytes = new byte[Math.addExact(digestStart, digest.length)];
        Varint.write(digest.length, bytes, Varint.write(code, bytes, 0));
        System.arraycopy(digest, 0, bytes, digestStart, digest.length);
        return new Multihash(bytes, code, digestStart);
    }

    public static Multihash of(Multicodec function, byte[] digest) {
        return of(function.code(), digest);
    }

    /** The SHA2-256 multihash of {@code content}. */
    public static Multihash sha256(byte[] content) {
        try {
            return of(Multicodec.SHA2_256, MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** {@code content} itself in the place of a digest. */
    public static Multihash identity(byte[] content) {
        return of(Multicodec.IDENTITY, content);
    }

    /**
     * Reads the multihash that stands at the front of {@code in} and moves the reader index behind it. Malformed, or longer
     * than what is there: {@link MultiformatException}, the reader index where it was, and nothing allocated.
     */
    public static Multihash read(ByteBuf in) {
        int start = in.readerIndex();
        try {
            long code = Varint.read(in);
            long length = Varint.read(in);
            if (length > in.readableBytes()) {
                throw new MultiformatException(
                        "multihash declares a digest of " + length + " bytes and " + in.readableBytes() + " are there");
            }
            int digestStart = in.readerIndex() - start;
            byte[] bytes = new byte[Math.addExact(digestStart, (int) length)];
            in.readerIndex(start).readBytes(bytes);
            return new Multihash(bytes, code, digestStart);
        } catch (MultiformatException e) {
            in.readerIndex(start);
            throw e;
        }
    }

    /** The hash function's code, one of {@link Multicodec} or another. */
    public long code() {
        return code;
    }

    /** Whether the hash function is {@code function}. */
    public boolean is(Multicodec function) {
        return code == function.code();
    }

    /** Whether this is an untruncated SHA2-256. */
    public boolean isSha256() {
        return is(Multicodec.SHA2_256) && digestLength() == SHA2_256_LENGTH;
    }

    public int digestLength() {
        return bytes.length - digestStart;
    }

    /** A copy of the digest. */
    public byte[] digest() {
        return Arrays.copyOfRange(bytes, digestStart, bytes.length);
    }

    /** A copy of the binary form. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** The binary form itself, for reading only. */
    byte[] shared() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Multihash that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The binary form in hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
