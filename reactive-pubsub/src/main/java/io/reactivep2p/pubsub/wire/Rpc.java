package io.reactivep2p.pubsub.wire;

import io.reactivep2p.pubsub.RawMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One RPC.
 *
 * @param subscriptions topics that the sender joins or leaves
 * @param messages published messages
 * @param control the router's part, or {@code null}
 * @param partial a part of a message, of the partial messages extension of gossipsub 1.3, or {@code null}
 * @param testExtension whether the extension for tests of gossipsub 1.3 is there
 */
public record Rpc(
        List<Subscription> subscriptions,
        List<RawMessage> messages,
        @Nullable Control control,
        @Nullable PartialMessage partial,
        boolean testExtension) {

    public Rpc {
        subscriptions = List.copyOf(subscriptions);
        messages = List.copyOf(messages);
    }

    public static Rpc ofSubscriptions(List<Subscription> subscriptions) {
        return new Rpc(subscriptions, List.of(), null, null, false);
    }

    public static Rpc ofMessage(RawMessage message) {
        return new Rpc(List.of(), List.of(message), null, null, false);
    }

    public static Rpc ofControl(Control control) {
        return new Rpc(List.of(), List.of(), control, null, false);
    }
}
