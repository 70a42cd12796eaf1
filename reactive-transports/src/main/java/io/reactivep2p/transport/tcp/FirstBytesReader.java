package io.reactivep2p.transport.tcp;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.SansIo;
import org.jspecify.annotations.Nullable;

/**
 * Tells connections apart by their first bytes, which may come in pieces.
 *
 * <pre>
 *    0    1     2    3         5
 *   +----+-----+----+---------+----+
 *   | 16 | 03  | mm | length  | 01 |      TLS: handshake record, version 3.mm, at most 2^14 bytes, ClientHello
 *   +----+-----+----+---------+----+
 *   | "GET "        |                     HTTP
 *   +---------------+
 * </pre>
 *
 * The first byte that fits neither decides for {@link FirstBytes#PLAIN}. Random bytes pass for TLS once in 3 billion times, which is why
 * more than the {@code 16 03} is looked at.
 */
@SansIo
final class FirstBytesReader {

    /** No more bytes than these are needed. */
    static final int MAX_BYTES = 6;

    private static final byte[] GET = {'G', 'E', 'T', ' '};
    private static final int HANDSHAKE_RECORD = 0x16;
    private static final int MAJOR_VERSION = 3;
    private static final int MAX_MINOR_VERSION = 4;
    /** Of the length's first byte, which is 0x40 for 2^14. */
    private static final int MAX_LENGTH_HIGH = 0x40;

    private static final int CLIENT_HELLO = 1;

    private int seen;
    private FirstBytes candidate = FirstBytes.PLAIN;

    /** Looks at more bytes without reading them; {@code null} as long as they do not suffice. Not to be called again after an answer. */
    @Nullable
    FirstBytes onBytes(ByteBuf bytes) {
        for (int i = bytes.readerIndex(); i < bytes.writerIndex(); i++) {
            int value = bytes.getUnsignedByte(i);
            if (seen == 0) {
                candidate = value == GET[0]
                        ? FirstBytes.HTTP
                        : value == HANDSHAKE_RECORD ? FirstBytes.TLS : FirstBytes.PLAIN;
            }
            if (candidate == FirstBytes.PLAIN || !fits(value)) {
                return FirstBytes.PLAIN;
            }
            if (++seen == (candidate == FirstBytes.HTTP ? GET.length : MAX_BYTES)) {
                return candidate;
            }
        }
        return null;
    }

    private boolean fits(int value) {
        if (candidate == FirstBytes.HTTP) {
            return value == GET[seen];
        }
        return switch (seen) {
            case 1 -> value == MAJOR_VERSION;
            case 2 -> value <= MAX_MINOR_VERSION;
            case 3 -> value <= MAX_LENGTH_HIGH;
            case 5 -> value == CLIENT_HELLO;
            default -> true;
        };
    }
}
