package io.reactivep2p.pubsub.wire;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.wire.Codecs;
import io.reactivep2p.wire.MalformedMessageException;
import io.reactivep2p.wire.MessageCodec;

/** RPCs, each behind its length. Written by hand over the bytes, since messages are what a node spends its time on. */
public final class RpcCodec {

    private RpcCodec() {}

    /**
     * The codec within these limits. A decoder takes what every version of the protocols sends, fields that it does not know included, and
     * fails with a {@link MalformedMessageException} on what is no RPC, or one over a limit that is not merely of ids. Elements without a
     * topic, topics that are not UTF-8, ids and peers that could be none, are skipped. The arrays of messages are fresh.
     *
     * <p>To encode takes an RPC of at most {@link RpcLimits#maxBytes}; {@link EncodedMessage} and {@link ControlSplitter} are for what is
     * sent to many, or may be longer.
     */
    public static MessageCodec<Rpc> create(RpcLimits limits) {
        return Codecs.lengthPrefixed(
                limits.maxBytes(), (rpc, out) -> write(rpc, limits, out), in -> RpcReader.read(in, limits));
    }

    private static void write(Rpc rpc, RpcLimits limits, ByteBuf out) {
        int size = RpcWriter.size(rpc);
        if (size > limits.maxBytes()) {
            throw new MalformedMessageException(
                    "an RPC of " + size + " bytes; at most " + limits.maxBytes() + " may be sent");
        }
        ProtoWriter writer = new ProtoWriter(size);
        RpcWriter.write(rpc, writer);
        out.writeBytes(writer.bytes());
    }
}
