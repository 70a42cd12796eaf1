package io.reactivep2p.pubsub.wire;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.wire.MalformedMessageException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one RPC. Its elements are counted before anything is made of them; an element that lacks what it is about is skipped, and so are
 * fields that are not known.
 */
final class RpcReader {

    static final int SUBSCRIPTIONS = 1;
    static final int PUBLISH = 2;
    static final int CONTROL = 3;
    static final int PARTIAL = 10;
    static final int TEST_EXTENSION = 6_492_434;

    static final int SUBSCRIBE = 1;
    static final int SUBSCRIPTION_TOPIC = 2;
    static final int REQUESTS_PARTIAL = 3;
    static final int SUPPORTS_SENDING_PARTIAL = 4;

    static final int PARTIAL_TOPIC = 1;
    static final int PARTIAL_GROUP = 2;
    static final int PARTIAL_PARTS = 3;
    static final int PARTIAL_METADATA = 4;

    private final ProtoReader in;
    private final RpcLimits limits;
    private int subscriptionCount;
    private int messageCount;
    private int controlEntries;

    private RpcReader(ProtoReader in, RpcLimits limits) {
        this.in = in;
        this.limits = limits;
    }

    /** Reads all readable bytes of the buffer, which stays the caller's. */
    static Rpc read(ByteBuf in, RpcLimits limits) {
        RpcReader reader = new RpcReader(new ProtoReader(in), limits);
        reader.count();
        return reader.read();
    }

    private void count() {
        int start = in.position();
        while (in.next()) {
            if (in.is(SUBSCRIPTIONS, ProtoWriter.LENGTH)) {
                subscriptionCount++;
            } else if (in.is(PUBLISH, ProtoWriter.LENGTH)) {
                messageCount++;
            } else if (in.is(CONTROL, ProtoWriter.LENGTH)) {
                int outer = in.enter();
                while (in.next()) {
                    controlEntries += in.field() <= ControlReader.LAST_LIST ? 1 : 0;
                    in.skip();
                }
                in.leave(outer);
                continue;
            }
            in.skip();
        }
        in.position(start);
        require(subscriptionCount, limits.maxSubscriptions(), "subscriptions");
        require(messageCount, limits.maxMessages(), "messages");
        require(controlEntries, limits.maxControlEntries(), "control entries");
    }

    private static void require(int count, int max, String what) {
        if (count > max) {
            throw new MalformedMessageException(
                    "an RPC with " + count + " " + what + "; at most " + max + " are accepted");
        }
    }

    private Rpc read() {
        List<Subscription> subscriptions = listOf(subscriptionCount);
        List<RawMessage> messages = listOf(messageCount);
        ControlReader control = null;
        PartialMessage partial = null;
        boolean testExtension = false;
        while (in.next()) {
            if (in.is(PUBLISH, ProtoWriter.LENGTH)) {
                addIfThere(message(), messages);
            } else if (in.is(SUBSCRIPTIONS, ProtoWriter.LENGTH)) {
                addIfThere(subscription(), subscriptions);
            } else if (in.is(CONTROL, ProtoWriter.LENGTH)) {
                control = control == null ? new ControlReader(in, limits) : control;
                control.read();
            } else if (in.is(PARTIAL, ProtoWriter.LENGTH)) {
                partial = partial();
            } else {
                testExtension |= in.is(TEST_EXTENSION, ProtoWriter.LENGTH);
                in.skip();
            }
        }
        return new Rpc(subscriptions, messages, control == null ? null : control.control(), partial, testExtension);
    }

    private static <T> List<T> listOf(int count) {
        return count == 0 ? List.of() : new ArrayList<>(count);
    }

    private static <T> void addIfThere(@Nullable T element, List<T> elements) {
        if (element != null) {
            elements.add(element);
        }
    }

    private @Nullable Subscription subscription() {
        int outer = in.enter();
        boolean subscribe = false;
        String topic = null;
        boolean requestsPartial = false;
        boolean supportsSendingPartial = false;
        while (in.next()) {
            if (in.is(SUBSCRIBE, ProtoWriter.VARINT)) {
                subscribe = in.varint() != 0;
            } else if (in.is(SUBSCRIPTION_TOPIC, ProtoWriter.LENGTH)) {
                topic = in.text();
            } else if (in.is(REQUESTS_PARTIAL, ProtoWriter.VARINT)) {
                requestsPartial = in.varint() != 0;
            } else if (in.is(SUPPORTS_SENDING_PARTIAL, ProtoWriter.VARINT)) {
                supportsSendingPartial = in.varint() != 0;
            } else {
                in.skip();
            }
        }
        in.leave(outer);
        return topic == null ? null : new Subscription(subscribe, topic, requestsPartial, supportsSendingPartial);
    }

    private @Nullable RawMessage message() {
        int outer = in.enter();
        byte[] from = null;
        byte[] data = RawMessage.NO_DATA;
        byte[] seqno = null;
        String topic = null;
        byte[] signature = null;
        byte[] key = null;
        while (in.next()) {
            if (in.is(MessageBytes.DATA, ProtoWriter.LENGTH)) {
                data = in.bytes();
            } else if (in.is(MessageBytes.FROM, ProtoWriter.LENGTH)) {
                from = in.bytes();
            } else if (in.is(MessageBytes.SEQNO, ProtoWriter.LENGTH)) {
                seqno = in.bytes();
            } else if (in.is(MessageBytes.TOPIC, ProtoWriter.LENGTH)) {
                topic = in.text();
            } else if (in.is(MessageBytes.SIGNATURE, ProtoWriter.LENGTH)) {
                signature = in.bytes();
            } else if (in.is(MessageBytes.KEY, ProtoWriter.LENGTH)) {
                key = in.bytes();
            } else {
                in.skip();
            }
        }
        in.leave(outer);
        return topic == null ? null : new RawMessage(from, data, seqno, topic, signature, key);
    }

    private @Nullable PartialMessage partial() {
        int outer = in.enter();
        String topic = null;
        byte[] group = null;
        byte[] parts = null;
        byte[] metadata = null;
        while (in.next()) {
            if (in.is(PARTIAL_TOPIC, ProtoWriter.LENGTH)) {
                topic = in.text();
            } else if (in.is(PARTIAL_GROUP, ProtoWriter.LENGTH)) {
                group = in.bytes();
            } else if (in.is(PARTIAL_PARTS, ProtoWriter.LENGTH)) {
                parts = in.bytes();
            } else if (in.is(PARTIAL_METADATA, ProtoWriter.LENGTH)) {
                metadata = in.bytes();
            } else {
                in.skip();
            }
        }
        in.leave(outer);
        return topic == null || group == null ? null : new PartialMessage(topic, group, parts, metadata);
    }
}
