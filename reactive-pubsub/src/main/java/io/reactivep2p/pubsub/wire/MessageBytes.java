package io.reactivep2p.pubsub.wire;

import io.reactivep2p.pubsub.RawMessage;
import java.nio.charset.StandardCharsets;

/**
 * A message's fields in their one order, absent ones left out.
 *
 * <pre>
 *   1 from   2 data   3 seqno   4 topic   5 signature   6 key
 * </pre>
 */
public final class MessageBytes {

    static final int FROM = 1;
    static final int DATA = 2;
    static final int SEQNO = 3;
    static final int TOPIC = 4;
    static final int SIGNATURE = 5;
    static final int KEY = 6;

    private static final byte[] SIGNING_PREFIX = "libp2p-pubsub:".getBytes(StandardCharsets.US_ASCII);

    private MessageBytes() {}

    /** What the author signs: a prefix, and the message without signature and key. */
    public static byte[] toSign(RawMessage message) {
        byte[] topic = topic(message);
        ProtoWriter out = new ProtoWriter(SIGNING_PREFIX.length + contentSize(message, topic));
        out.raw(SIGNING_PREFIX);
        writeContent(message, topic, out);
        return out.bytes();
    }

    static byte[] topic(RawMessage message) {
        return message.topic().getBytes(StandardCharsets.UTF_8);
    }

    /** How many bytes the message takes, without any frame. */
    static int size(RawMessage message, byte[] topic) {
        int size = contentSize(message, topic);
        byte[] signature = message.signature();
        byte[] key = message.key();
        return size
                + (signature == null ? 0 : ProtoWriter.fieldSize(signature.length))
                + (key == null ? 0 : ProtoWriter.fieldSize(key.length));
    }

    static void write(RawMessage message, byte[] topic, ProtoWriter out) {
        writeContent(message, topic, out);
        byte[] signature = message.signature();
        if (signature != null) {
            out.bytes(SIGNATURE, signature);
        }
        byte[] key = message.key();
        if (key != null) {
            out.bytes(KEY, key);
        }
    }

    private static int contentSize(RawMessage message, byte[] topic) {
        byte[] from = message.from();
        byte[] seqno = message.seqno();
        return (from == null ? 0 : ProtoWriter.fieldSize(from.length))
                + (hasData(message) ? ProtoWriter.fieldSize(message.data().length) : 0)
                + (seqno == null ? 0 : ProtoWriter.fieldSize(seqno.length))
                + ProtoWriter.fieldSize(topic.length);
    }

    private static void writeContent(RawMessage message, byte[] topic, ProtoWriter out) {
        byte[] from = message.from();
        if (from != null) {
            out.bytes(FROM, from);
        }
        if (hasData(message)) {
            out.bytes(DATA, message.data());
        }
        byte[] seqno = message.seqno();
        if (seqno != null) {
            out.bytes(SEQNO, seqno);
        }
        out.bytes(TOPIC, topic);
    }

    @SuppressWarnings("ArrayEquals") // whether it is the one array that stands for none
    private static boolean hasData(RawMessage message) {
        return message.data() != RawMessage.NO_DATA;
    }
}
