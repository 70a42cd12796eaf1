package io.reactivep2p.multistream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ProtocolId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A protocol id with the bytes it travels as, made once. Thousands of streams a second carry the same few names, so both directions of
 * the mapping are remembered in tables of {@value #CACHE_SLOTS} slots in which a newcomer takes the place of whoever was there:
 * bounded, never locked, and a peer that sends many names costs a few conversions and nothing else.
 */
final class ProtocolName {

    /** A power of two; a host speaks a few dozen protocols. */
    static final int CACHE_SLOTS = 256;

    /** {@code /multistream/1.0.0}, framed. */
    static final ByteBuf HEADER = framed("/multistream/1.0.0");

    /** {@code na}, framed: the responder does not speak what was proposed. */
    static final ByteBuf NOT_AVAILABLE = framed("na");

    // Read and written without synchronisation: entries are immutable and reachable only through final fields, so a
    // reader sees a whole
    // entry or none, and a lost write costs one conversion.
    private static final @Nullable ProtocolName[] BY_ID = new ProtocolName[CACHE_SLOTS];
    private static final @Nullable ProtocolName[] BY_BYTES = new ProtocolName[CACHE_SLOTS];

    private final ProtocolId id;
    private final byte[] message;
    private final byte[] greeting;
    private final ByteBuf view;

    private ProtocolName(ProtocolId id) {
        this.id = id;
        this.view = framed(id.value());
        this.message = ByteBufUtil.getBytes(view);
        this.greeting = ByteBufUtil.getBytes(Unpooled.wrappedBuffer(HEADER.duplicate(), view.duplicate()));
    }

    /** @throws IllegalArgumentException if the id takes more than {@value MessageReader#MAX_MESSAGE_BYTES} bytes with its line feed */
    static ProtocolName of(ProtocolId id) {
        int slot = id.hashCode() & (CACHE_SLOTS - 1);
        ProtocolName cached = BY_ID[slot];
        if (cached != null && cached.id.equals(id)) {
            return cached;
        }
        ProtocolName name = new ProtocolName(id);
        BY_ID[slot] = name;
        return name;
    }

    /**
     * The protocol that a message names.
     *
     * @param start where the text begins
     * @param length of the text with its line feed
     * @return {@code null} where the text is no protocol id, and so nothing that anyone could speak
     */
    static @Nullable ProtocolName named(ByteBuf source, int start, int length) {
        int slot = hash(source, start, length) & (CACHE_SLOTS - 1);
        ProtocolName cached = BY_BYTES[slot];
        if (cached != null && cached.isIn(source, start, length)) {
            return cached;
        }
        if (length < 2 || source.getByte(start) != '/') {
            return null;
        }
        String text = source.toString(start, length - 1, StandardCharsets.UTF_8);
        if (text.indexOf('\n') >= 0) {
            return null;
        }
        ProtocolName name = new ProtocolName(ProtocolId.of(text));
        if (!name.isIn(source, start, length)) {
            return null; // not UTF-8: the text is not what was sent, and would not be echoed as it was
        }
        BY_BYTES[slot] = name;
        return name;
    }

    ProtocolId id() {
        return id;
    }

    /** The framed name. */
    ByteBuf message() {
        return Unpooled.copiedBuffer(message);
    }

    /** Header and framed name: the first thing an initiator sends, and what it hopes to read. */
    ByteBuf greeting() {
        return Unpooled.copiedBuffer(greeting);
    }

    void writeGreeting(ByteBuf out) {
        out.writeBytes(greeting);
    }

    int greetingLength() {
        return greeting.length;
    }

    void writeMessage(ByteBuf out) {
        out.writeBytes(message);
    }

    /** Whether {@code in} starts with header and framed name, which is how nearly every answer looks. */
    boolean greets(ByteBuf in) {
        int header = HEADER.writerIndex();
        return in.readableBytes() >= greeting.length
                && ByteBufUtil.equals(in, in.readerIndex(), HEADER, 0, header)
                && ByteBufUtil.equals(in, in.readerIndex() + header, view, 0, message.length);
    }

    boolean isIn(ByteBuf source, int start, int length) {
        return same(view, source, start, length);
    }

    /** Whether the text (with its line feed) at {@code start} is that of the framed message. */
    static boolean same(ByteBuf framed, ByteBuf source, int start, int length) {
        int prefix = length < 0x80 ? 1 : 2;
        return framed.writerIndex() == prefix + length && ByteBufUtil.equals(source, start, framed, prefix, length);
    }

    /** Any spread will do: the table is direct-mapped, so there is no chain that colliding names could make long. */
    private static int hash(ByteBuf source, int start, int length) {
        long hash = length;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            hash = (hash ^ source.getLong(start + i)) * 0x9E3779B97F4A7C15L;
        }
        for (; i < length; i++) {
            hash = (hash ^ source.getByte(start + i)) * 0x9E3779B97F4A7C15L;
        }
        return (int) (hash >>> 40);
    }

    private static ByteBuf framed(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = utf8.length + 1;
        if (length > MessageReader.MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException("a protocol id takes at most " + (MessageReader.MAX_MESSAGE_BYTES - 1)
                    + " bytes of UTF-8, but this one takes " + utf8.length);
        }
        ByteBuf framed = Unpooled.buffer(length + 2);
        if (length < 0x80) {
            framed.writeByte(length);
        } else {
            framed.writeByte((length & 0x7F) | 0x80).writeByte(length >> 7);
        }
        return framed.writeBytes(utf8).writeByte('\n');
    }
}
