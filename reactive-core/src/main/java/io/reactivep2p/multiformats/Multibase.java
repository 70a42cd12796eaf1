package io.reactivep2p.multiformats;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Text encodings that say by their first character which one they are.
 *
 * <p>Decoding accepts either case in the base16, base32 and base36 families and is strict otherwise: padding exactly where
 * the encoding has it, no white space, left-over bits zero. The encodings that treat the bytes as one number (base10,
 * base36, base58) take quadratic time and are therefore limited to 1024 bytes; the others are linear and not limited.
 */
public enum Multibase {
    BASE2('0', BitCodec.of("01")),
    BASE10('9', new RadixCodec("0123456789", false)),
    BASE16('f', BitCodec.anyCase("0123456789abcdef")),
    BASE16_UPPER('F', BitCodec.anyCase("0123456789ABCDEF")),
    BASE32('b', BitCodec.anyCase("abcdefghijklmnopqrstuvwxyz234567")),
    BASE32_UPPER('B', BitCodec.anyCase("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")),
    BASE32_PAD('c', BitCodec.anyCase("abcdefghijklmnopqrstuvwxyz234567").padded(8)),
    BASE32_PAD_UPPER('C', BitCodec.anyCase("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").padded(8)),
    BASE32_HEX('v', BitCodec.anyCase("0123456789abcdefghijklmnopqrstuv")),
    BASE32_HEX_UPPER('V', BitCodec.anyCase("0123456789ABCDEFGHIJKLMNOPQRSTUV")),
    BASE32_HEX_PAD('t', BitCodec.anyCase("0123456789abcdefghijklmnopqrstuv").padded(8)),
    BASE32_HEX_PAD_UPPER(
            'T', BitCodec.anyCase("0123456789ABCDEFGHIJKLMNOPQRSTUV").padded(8)),
    /** z-base-32. */
    BASE32_Z('h', BitCodec.of("ybndrfg8ejkmcpqxot1uwisza345h769")),
    BASE36('k', new RadixCodec("0123456789abcdefghijklmnopqrstuvwxyz", true)),
    BASE36_UPPER('K', new RadixCodec("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", true)),
    BASE58_BTC('z', new RadixCodec("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", false)),
    BASE58_FLICKR('Z', new RadixCodec("123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ", false)),
    BASE64('m', BitCodec.of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")),
    BASE64_PAD(
            'M',
            BitCodec.of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
                    .padded(4)),
    BASE64_URL('u', BitCodec.of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")),
    BASE64_URL_PAD(
            'U',
            BitCodec.of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
                    .padded(4));

    private static final @Nullable Multibase[] BY_PREFIX = new Multibase[128];

    static {
        for (Multibase base : values()) {
            BY_PREFIX[base.prefix] = base;
        }
    }

    private final char prefix;
    /** Immutable: its arrays are written by its constructor only. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final BaseCodec codec;

    Multibase(char prefix, BaseCodec codec) {
        this.prefix = prefix;
        this.codec = codec;
    }

    /** The character that stands before text in this encoding. */
    public char prefix() {
        return prefix;
    }

    /** The encoding that {@code text} says it is in. */
    public static Optional<Multibase> ofText(String text) {
        return text.isEmpty() || text.charAt(0) >= BY_PREFIX.length
                ? Optional.empty()
                : Optional.ofNullable(BY_PREFIX[text.charAt(0)]);
    }

    /** The bytes of text with its prefix, in whatever encoding. */
    public static byte[] decode(String text) {
        Multibase base = ofText(text)
                .orElseThrow(() -> new MultiformatException(
                        MultiformatException.excerpt(text) + " does not begin with a known multibase prefix"));
        return base.decode(text, 1);
    }

    /** The text of {@code bytes}, prefix and all. */
    public String encode(byte[] bytes) {
        return prefix + codec.encode(bytes, 0, bytes.length);
    }

    /** The text of {@code bytes} without the prefix, as in a bare base58 peer id. */
    public String encodeBare(byte[] bytes) {
        return codec.encode(bytes, 0, bytes.length);
    }

    /** The bytes of text in this encoding that has no prefix. */
    public byte[] decodeBare(String text) {
        return decode(text, 0);
    }

    String encodeBare(byte[] bytes, int from, int to) {
        return codec.encode(bytes, from, to);
    }

    private byte[] decode(String text, int from) {
        try {
            return codec.decode(text, from);
        } catch (MultiformatException e) {
            throw new MultiformatException(
                    MultiformatException.excerpt(text) + " is not " + this + ": " + e.getMessage(), e);
        }
    }
}
