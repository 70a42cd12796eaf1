package io.reactivep2p.pubsub.wire;

/**
 * The sender of an RPC joins or leaves a topic.
 *
 * @param subscribe whether it joins
 * @param requestsPartial whether it asks for partial messages (gossipsub 1.3)
 * @param supportsSendingPartial whether it could send partial messages (gossipsub 1.3)
 */
public record Subscription(boolean subscribe, String topic, boolean requestsPartial, boolean supportsSendingPartial) {

    public static Subscription join(String topic) {
        return new Subscription(true, topic, false, false);
    }

    /** Joins a topic, and says what becomes of the parts of its messages. Who requests them is one that sends them. */
    public static Subscription join(String topic, PartialSupport partial) {
        return new Subscription(true, topic, partial == PartialSupport.REQUESTS, partial != PartialSupport.NONE);
    }

    public static Subscription leave(String topic) {
        return new Subscription(false, topic, false, false);
    }

    /** What its sender does with parts of messages, which has no meaning where it leaves. */
    public PartialSupport partial() {
        if (!subscribe) {
            return PartialSupport.NONE;
        }
        if (requestsPartial) {
            return PartialSupport.REQUESTS;
        }
        return supportsSendingPartial ? PartialSupport.SENDS : PartialSupport.NONE;
    }
}
