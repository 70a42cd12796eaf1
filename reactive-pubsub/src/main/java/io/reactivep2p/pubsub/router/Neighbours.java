package io.reactivep2p.pubsub.router;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.wire.PartialSupport;
import java.util.Set;

/** What the node knows and a router reads; always as of now, in the order in which it became known. */
public interface Neighbours {

    /** This node. */
    PeerId self();

    /** The topics joined here. */
    Set<String> joined();

    /** The peers that subscribe to {@code topic}, all of which were told to the router by {@code onPeerConnected}. */
    Set<PeerId> subscribers(String topic);

    /** What the peer said to do with the parts of the topic's messages when it subscribed; nothing where it does not subscribe. */
    PartialSupport partialSupport(PeerId peer, String topic);

    /** Whether a message is known: being validated, or validated with whatever result not long ago. */
    boolean seen(MessageId id);

    /** The peer's own signed record, verified, fit to be passed on to others; empty where there is none. Not written to. */
    byte[] signedRecord(PeerId peer);
}
