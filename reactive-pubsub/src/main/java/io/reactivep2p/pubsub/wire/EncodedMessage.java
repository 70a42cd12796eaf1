package io.reactivep2p.pubsub.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.reactivep2p.multiformats.Varint;
import io.reactivep2p.pubsub.RawMessage;
import java.util.List;

/**
 * A message ready to be sent: the length-prefixed RPC that holds it alone. Encoded once and shared by all who get it. Immutable.
 */
public final class EncodedMessage {

    private final byte[] frame;
    private final int rpcBytes;

    private EncodedMessage(byte[] frame, int rpcBytes) {
        this.frame = frame;
        this.rpcBytes = rpcBytes;
    }

    /** Encodes the message, however long it is. */
    public static EncodedMessage of(RawMessage message) {
        byte[] topic = MessageBytes.topic(message);
        int messageBytes = MessageBytes.size(message, topic);
        int rpcBytes = ProtoWriter.fieldSize(messageBytes);
        ProtoWriter out = new ProtoWriter(ProtoWriter.varintSize(rpcBytes) + rpcBytes);
        out.varint(rpcBytes);
        out.message(RpcReader.PUBLISH, messageBytes);
        MessageBytes.write(message, topic, out);
        return new EncodedMessage(out.bytes(), rpcBytes);
    }

    /** The length of the RPC, which is what {@link RpcLimits#maxBytes} limits. */
    public int rpcBytes() {
        return rpcBytes;
    }

    /** The length of everything that is sent: the RPC and its prefix. */
    public int frameBytes() {
        return frame.length;
    }

    /** Appends the frame to {@code out}. */
    public void writeTo(ByteBuf out) {
        out.writeBytes(frame);
    }

    /** The frame of one RPC that holds all of these, in a buffer that the caller releases. */
    public static ByteBuf inOneRpc(List<EncodedMessage> messages, ByteBufAllocator allocator) {
        int rpcBytes = 0;
        for (EncodedMessage message : messages) {
            rpcBytes = Math.addExact(rpcBytes, message.rpcBytes);
        }
        ByteBuf out = allocator.buffer(Varint.size(rpcBytes) + rpcBytes);
        Varint.write(rpcBytes, out);
        for (EncodedMessage message : messages) {
            out.writeBytes(message.frame, message.frame.length - message.rpcBytes, message.rpcBytes);
        }
        return out;
    }

    /** The frame without a copy: a new buffer over the shared bytes, which must not be written to. The caller releases it. */
    public ByteBuf asBuffer() {
        return Unpooled.wrappedBuffer(frame);
    }
}
