package io.reactivep2p.pubsub.wire;

/** What a node does with the parts of a topic's messages (gossipsub 1.3, partial messages extension). */
public enum PartialSupport {

    /** Nothing: it is sent whole messages. */
    NONE,

    /** It tells which parts it has and sends them to who asks for them, and is sent whole messages itself. */
    SENDS,

    /** It does that, and is sent parts in place of whole messages. */
    REQUESTS
}
