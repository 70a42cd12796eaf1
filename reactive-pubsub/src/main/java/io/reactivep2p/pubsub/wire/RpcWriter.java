package io.reactivep2p.pubsub.wire;

import io.reactivep2p.pubsub.RawMessage;
import java.nio.charset.StandardCharsets;

/** Writes one RPC, its fields in the order of their numbers. */
final class RpcWriter {

    private static final int BOOL_SIZE = 2;

    /** Tag and length of the empty message that the test extension is. */
    private static final int TEST_EXTENSION_SIZE = ControlWriter.LONG_TAG_SIZE + 1;

    private RpcWriter() {}

    static int size(Rpc rpc) {
        int size = rpc.testExtension() ? TEST_EXTENSION_SIZE : 0;
        for (Subscription subscription : rpc.subscriptions()) {
            size += ProtoWriter.fieldSize(size(subscription, utf8(subscription.topic())));
        }
        for (RawMessage message : rpc.messages()) {
            size += ProtoWriter.fieldSize(MessageBytes.size(message, MessageBytes.topic(message)));
        }
        Control control = rpc.control();
        size += control == null ? 0 : ProtoWriter.fieldSize(ControlWriter.size(control));
        PartialMessage partial = rpc.partial();
        size += partial == null ? 0 : ProtoWriter.fieldSize(size(partial, utf8(partial.topic())));
        return size;
    }

    static void write(Rpc rpc, ProtoWriter out) {
        for (Subscription subscription : rpc.subscriptions()) {
            write(subscription, out);
        }
        for (RawMessage message : rpc.messages()) {
            byte[] topic = MessageBytes.topic(message);
            out.message(RpcReader.PUBLISH, MessageBytes.size(message, topic));
            MessageBytes.write(message, topic, out);
        }
        Control control = rpc.control();
        if (control != null) {
            out.message(RpcReader.CONTROL, ControlWriter.size(control));
            ControlWriter.write(control, out);
        }
        PartialMessage partial = rpc.partial();
        if (partial != null) {
            write(partial, out);
        }
        if (rpc.testExtension()) {
            out.message(RpcReader.TEST_EXTENSION, 0);
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int size(Subscription subscription, byte[] topic) {
        return BOOL_SIZE
                + ProtoWriter.fieldSize(topic.length)
                + (subscription.requestsPartial() ? BOOL_SIZE : 0)
                + (subscription.supportsSendingPartial() ? BOOL_SIZE : 0);
    }

    private static void write(Subscription subscription, ProtoWriter out) {
        byte[] topic = utf8(subscription.topic());
        out.message(RpcReader.SUBSCRIPTIONS, size(subscription, topic));
        out.bool(RpcReader.SUBSCRIBE, subscription.subscribe());
        out.bytes(RpcReader.SUBSCRIPTION_TOPIC, topic);
        if (subscription.requestsPartial()) {
            out.bool(RpcReader.REQUESTS_PARTIAL, true);
        }
        if (subscription.supportsSendingPartial()) {
            out.bool(RpcReader.SUPPORTS_SENDING_PARTIAL, true);
        }
    }

    private static int size(PartialMessage partial, byte[] topic) {
        byte[] parts = partial.parts();
        byte[] metadata = partial.metadata();
        return ProtoWriter.fieldSize(topic.length)
                + ProtoWriter.fieldSize(partial.group().length)
                + (parts == null ? 0 : ProtoWriter.fieldSize(parts.length))
                + (metadata == null ? 0 : ProtoWriter.fieldSize(metadata.length));
    }

    private static void write(PartialMessage partial, ProtoWriter out) {
        byte[] topic = utf8(partial.topic());
        out.message(RpcReader.PARTIAL, size(partial, topic));
        out.bytes(RpcReader.PARTIAL_TOPIC, topic);
        out.bytes(RpcReader.PARTIAL_GROUP, partial.group());
        byte[] parts = partial.parts();
        if (parts != null) {
            out.bytes(RpcReader.PARTIAL_PARTS, parts);
        }
        byte[] metadata = partial.metadata();
        if (metadata != null) {
            out.bytes(RpcReader.PARTIAL_METADATA, metadata);
        }
    }
}
