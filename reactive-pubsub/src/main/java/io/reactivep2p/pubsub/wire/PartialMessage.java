package io.reactivep2p.pubsub.wire;

import org.jspecify.annotations.Nullable;

/**
 * Parts of a message that is sent in parts (gossipsub 1.3, partial messages extension). The arrays are shared and not written to.
 *
 * @param topic the topic's name
 * @param group which message the parts belong to
 * @param parts the parts, in the application's encoding, or {@code null}
 * @param metadata which parts the sender has and wants, in the application's encoding, or {@code null}
 */
@SuppressWarnings("ArrayRecordComponent")
public record PartialMessage(String topic, byte[] group, byte @Nullable [] parts, byte @Nullable [] metadata) {}
