package io.reactivep2p.pubsub.router;

/** How much of a peer's RPC is looked at. */
public enum Acceptance {
    ALL,
    /** Published messages are passed over, since more come than can be validated. */
    CONTROL_ONLY,
    /** Everything but subscriptions is passed over: the peer is graylisted. */
    NONE
}
