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

    public static Subscription leave(String topic) {
        return new Subscription(false, topic, false, false);
    }
}
