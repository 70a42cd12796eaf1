package io.reactivep2p.multistream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.SansIo;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts messages out of bytes that arrive in any pieces. A cursor: {@link #next} moves to the next message, the accessors tell where it
 * lies, so that a message which arrived in one piece is looked at in place. Takes not one byte behind the message it moved to.
 *
 * <pre>
 *   +-----------------+--------------------+------+
 *   | length (varint) | text, UTF-8        | '\n' |     1 &lt; length &lt;= 1024 counts the line feed
 *   +-----------------+--------------------+------+
 * </pre>
 */
@SansIo
final class MessageReader {

    /** As go and js have it; rust takes 16 KiB, and no id needs it. */
    static final int MAX_MESSAGE_BYTES = 1024;

    private final List<ProtocolId> offered;

    /** What arrived of a message that was cut; on the heap and never pooled, so that nobody need release it. */
    private @Nullable ByteBuf held;

    private boolean heldIsTaken;
    private ByteBuf source = Unpooled.EMPTY_BUFFER;
    private int start;
    private int length;

    /** @param offered for the exceptions */
    MessageReader(List<ProtocolId> offered) {
        this.offered = offered;
    }

    /**
     * Moves to the next message, which stays in place until the next call or until {@code in} is released.
     *
     * @return whether there is one; if not, all of {@code in} is taken
     */
    boolean next(ByteBuf in) {
        ByteBuf cut = held;
        if (cut != null) {
            if (heldIsTaken) {
                cut.clear();
                heldIsTaken = false;
            }
            if (cut.isReadable()) {
                return resume(cut, in);
            }
        }
        int from = in.readerIndex();
        int readable = in.readableBytes();
        int frame = frameLength(in, from, readable);
        if (frame == 0 || frame > readable) {
            if (readable > 0) {
                hold().writeBytes(in);
            }
            return false;
        }
        in.skipBytes(frame);
        moveTo(in, from, frame);
        return true;
    }

    /** Whether the message is {@code framed}. */
    boolean is(ByteBuf framed) {
        return ProtocolName.same(framed, source, start, length);
    }

    boolean is(ProtocolName name) {
        return name.isIn(source, start, length);
    }

    /** The protocol it names, {@code null} for a text that is no protocol id. */
    @Nullable
    ProtocolName name() {
        return ProtocolName.named(source, start, length);
    }

    /** For exceptions: the text, shortened, with nothing in it that could disturb a log. */
    String excerpt() {
        int shown = Math.min(length - 1, 64);
        StringBuilder text = new StringBuilder(source.toString(start, shown, StandardCharsets.UTF_8));
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                text.setCharAt(i, '?');
            }
        }
        return shown < length - 1 ? text + "..." : text.toString();
    }

    private boolean resume(ByteBuf cut, ByteBuf in) {
        while (in.isReadable()) {
            int frame = frameLength(cut, 0, cut.writerIndex());
            int missing = frame == 0 ? 1 : frame - cut.writerIndex();
            cut.writeBytes(in, Math.min(missing, in.readableBytes()));
            frame = frameLength(cut, 0, cut.writerIndex());
            if (frame == cut.writerIndex()) {
                heldIsTaken = true;
                moveTo(cut, 0, frame);
                return true;
            }
        }
        return false;
    }

    private ByteBuf hold() {
        if (held == null) {
            held = Unpooled.buffer(64, MAX_MESSAGE_BYTES + 2);
        }
        return held;
    }

    /** The bytes of length and text together, 0 while the length itself is cut; refuses a length before a byte is kept for it. */
    private int frameLength(ByteBuf bytes, int index, int readable) {
        if (readable == 0) {
            return 0;
        }
        int declared = bytes.getByte(index);
        int prefix = 1;
        if (declared < 0) {
            if (readable == 1) {
                return 0;
            }
            int second = bytes.getByte(index + 1);
            if (second < 0) {
                throw new NegotiationException(
                        "the length of a multistream message takes more than the 2 bytes that " + MAX_MESSAGE_BYTES
                                + " needs",
                        offered);
            }
            if (second == 0) {
                throw new NegotiationException(
                        "the length of a multistream message is not in its shortest form", offered);
            }
            declared = (declared & 0x7F) | (second << 7);
            prefix = 2;
        }
        if (declared > MAX_MESSAGE_BYTES) {
            throw new NegotiationException(
                    "a multistream message of " + declared + " bytes is announced, at most " + MAX_MESSAGE_BYTES
                            + " are allowed",
                    offered);
        }
        if (declared < 2) {
            // Answering what costs the sender a byte or two would make us an amplifier.
            throw new NegotiationException("a multistream message is empty", offered);
        }
        return prefix + declared;
    }

    private void moveTo(ByteBuf bytes, int from, int frame) {
        int prefix = bytes.getByte(from) < 0 ? 2 : 1;
        source = bytes;
        start = from + prefix;
        length = frame - prefix;
        if (bytes.getByte(from + frame - 1) != '\n') {
            throw new NegotiationException("a multistream message does not end with a line feed", offered);
        }
    }
}
