package io.reactivep2p.multiformats;

import java.util.Arrays;

/**
 * A content identifier: what kind of content ({@code codec}) has which hash. Version 0 is a bare SHA2-256 multihash of
 * dag-pb content, version 1 is {@code varint 1, varint codec, multihash}. Immutable; equality is on the bytes, so that the
 * versions 0 and 1 of one content differ, and two texts of one CID in different encodings are equal.
 */
public final class Cid {

    /** Characters of the text of version 0: base58 of 34 bytes that begin {@code 12 20}. */
    private static final int V0_TEXT_LENGTH = 46;

    private static final int V0_LENGTH = 34;

    private final int version;
    private final long codec;
    private final Multihash multihash;

    private Cid(int version, long codec, Multihash multihash) {
        this.version = version;
        this.codec = codec;
        this.multihash = multihash;
    }

    /** Either version's text, version 1 in any {@link Multibase}; malformed: {@link MultiformatException}. */
    public static Cid of(String text) {
        if (text.length() == V0_TEXT_LENGTH && text.startsWith("Qm")) {
            byte[] bytes = Multibase.BASE58_BTC.decodeBare(text);
            if (!isV0(bytes)) {
                throw new MultiformatException(MultiformatException.excerpt(text) + " is no SHA2-256 multihash");
            }
            return of(bytes);
        }
        byte[] bytes = Multibase.decode(text);
        if (bytes.length > 0 && bytes[0] == Multicodec.SHA2_256.code()) {
            throw new MultiformatException(MultiformatException.excerpt(text)
                    + " wraps a CID of version 0 in multibase, which is not allowed");
        }
        return of(bytes);
    }

    /** Either version's binary form, nothing behind it; malformed: {@link MultiformatException}. */
    public static Cid of(byte[] bytes) {
        if (isV0(bytes)) {
            return new Cid(0, Multicodec.DAG_PB.code(), Multihash.of(bytes));
        }
        long version = Varint.read(bytes, 0, bytes.length);
        if (version != 1) {
            throw new MultiformatException("CID version is " + version + ", expected 1 (or a bare SHA2-256 multihash)");
        }
        int at = Varint.size(version);
        long codec = Varint.read(bytes, at, bytes.length);
        return new Cid(1, codec, Multihash.of(bytes, at + Varint.size(codec), bytes.length));
    }

    private static boolean isV0(byte[] bytes) {
        return bytes.length == V0_LENGTH && bytes[0] == Multicodec.SHA2_256.code() && bytes[1] == V0_LENGTH - 2;
    }

    /** Version 0, which is always dag-pb and an untruncated SHA2-256. */
    public static Cid v0(Multihash multihash) {
        if (!multihash.isSha256()) {
            throw new IllegalArgumentException("a CID of version 0 needs a SHA2-256 multihash, not " + multihash);
        }
        return new Cid(0, Multicodec.DAG_PB.code(), multihash);
    }

    public static Cid v1(Multicodec codec, Multihash multihash) {
        return v1(codec.code(), multihash);
    }

    public static Cid v1(long codec, Multihash multihash) {
        if (codec < 0) {
            throw new IllegalArgumentException("codec " + codec + " is negative");
        }
        return new Cid(1, codec, multihash);
    }

    /** 0 or 1. */
    public int version() {
        return version;
    }

    /** The code of the kind of content, one of {@link Multicodec} or another. */
    public long codec() {
        return codec;
    }

    public Multihash multihash() {
        return multihash;
    }

    /** A fresh copy of the binary form. */
    public byte[] toBytes() {
        if (version == 0) {
            return multihash.toBytes();
        }
        byte[] hash = multihash.shared();
        int start = 1 + Varint.size(codec);
        byte[] bytes = new byte[Math.addExact(start, hash.length)];
        bytes[0] = 1;
        Varint.write(codec, bytes, 1);
        System.arraycopy(hash, 0, bytes, start, hash.length);
        return bytes;
    }

    /** The text of version 1 in {@code base}; names of IPNS and DNS labels use {@link Multibase#BASE36}. */
    public String toString(Multibase base) {
        if (version == 0) {
            throw new IllegalArgumentException("a CID of version 0 has no multibase text");
        }
        return base.encode(toBytes());
    }

    /** Bare base58 for version 0, base32 for version 1. */
    @Override
    public String toString() {
        return version == 0 ? Multibase.BASE58_BTC.encodeBare(multihash.shared()) : toString(Multibase.BASE32);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cid that
                && version == that.version
                && codec == that.codec
                && multihash.equals(that.multihash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new int[] {version, Long.hashCode(codec), multihash.hashCode()});
    }
}
