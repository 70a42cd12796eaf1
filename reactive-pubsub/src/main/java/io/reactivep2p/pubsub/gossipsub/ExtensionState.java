package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.Control;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each peer supports of gossipsub 1.3: it says so once, in its first RPC. At most one row for each connected peer. */
@SansIo
final class ExtensionState {

    private final GossipsubState state;
    private final Control.Extensions ours;
    private final Map<PeerId, Control.Extensions> theirs = new HashMap<>();

    ExtensionState(GossipsubState state) {
        this.state = state;
        this.ours = state.params().extensions();
    }

    /** What our first RPC to a peer says; {@code null} where there is nothing to say, or the peer would not understand. */
    @Nullable
    Control greeting(ProtocolVersion version) {
        boolean speaks = version.knows(ProtocolVersion.GOSSIPSUB_1_3) && !ours.equals(Control.Extensions.NONE);
        return speaks ? Control.extensions(ours) : null;
    }

    /** A peer says what it supports. It may do so once. */
    void onExtensions(PeerId from, Control.Extensions extensions) {
        if (!state.peers().isConnected(from)) {
            return;
        }
        if (theirs.putIfAbsent(from, extensions) != null) {
            state.score().addPenalty(from, 1);
            return;
        }
        boolean understood = state.peers().knows(from, ProtocolVersion.GOSSIPSUB_1_3);
        if (understood && ours.testExtension() && extensions.testExtension()) {
            state.outbox().add(new RouterOutput.SendTestExtension(from));
        }
    }

    /** Whether both sides support partial messages. */
    boolean agreesOnPartialMessages(PeerId peer) {
        Control.Extensions extensions = theirs.get(peer);
        return ours.partialMessages() && extensions != null && extensions.partialMessages();
    }

    void onPeerDisconnected(PeerId peer) {
        theirs.remove(peer);
    }
}
