package io.reactivep2p.pubsub.router;

import io.reactivep2p.event.EventHub;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.wire.EncodedMessage;
import io.reactivep2p.pubsub.wire.Subscription;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Does what the router wants done: fills queues, and has them flushed once at the end of a turn. Only touched in the serial section. */
final class OutputDrain {

    private final Router router;
    private final PeerTable peers;
    private final PeerDialer dialer;
    private final EventHub<PubsubEvent> hub;
    private final Counters counters;

    private final Queue<PeerLink> dirty = new ArrayDeque<>();

    /** The message that was encoded last, since a router may send one in several steps. */
    private @Nullable RawMessage lastMessage;

    private @Nullable EncodedMessage lastEncoded;

    /** To whom messages were sent since {@link #collect}; {@code null} while nobody asks. */
    private @Nullable List<PeerLink> recipients;

    OutputDrain(Router router, PeerTable peers, PeerDialer dialer, EventHub<PubsubEvent> hub, Counters counters) {
        this.router = router;
        this.peers = peers;
        this.dialer = dialer;
        this.hub = hub;
        this.counters = counters;
    }

    /** All that the router has to say by now. */
    void drain() {
        for (RouterOutput next = router.pollOutput(); next != null; next = router.pollOutput()) {
            perform(next);
        }
    }

    /** As {@link #drain()}, for a message of our own that is encoded already. Returns to whom messages were sent. */
    List<PeerLink> drain(RawMessage message, EncodedMessage encoded) {
        List<PeerLink> collected = new ArrayList<>();
        lastMessage = message;
        lastEncoded = encoded;
        recipients = collected;
        drain();
        recipients = null;
        return collected;
    }

    private void perform(RouterOutput output) {
        if (output instanceof RouterOutput.SendMessage send) {
            send(send);
        } else if (output instanceof RouterOutput.SendControl send) {
            PeerLink.Outbound outbound = outbound(send.to());
            if (outbound != null) {
                outbound.queue().control(send.control());
            }
        } else if (output instanceof RouterOutput.Unsend unsend) {
            PeerLink link = peers.get(unsend.to());
            if (link != null && link.outbound != null) {
                link.outbound.queue().unsend(unsend.ids());
            }
        } else if (output instanceof RouterOutput.SendPartial send) {
            PeerLink.Outbound outbound = outbound(send.to());
            if (outbound != null && !outbound.queue().partial(send.partial())) {
                counters.lostByPeers.increment();
            }
        } else if (output instanceof RouterOutput.CountDroppedPart) {
            counters.droppedParts.increment();
        } else if (output instanceof RouterOutput.TellAll tell) {
            tellAll(tell.subscription());
        } else if (output instanceof RouterOutput.SendTestExtension send) {
            PeerLink.Outbound outbound = outbound(send.to());
            if (outbound != null) {
                outbound.queue().testExtension();
            }
        } else if (output instanceof RouterOutput.Dial dial) {
            dialer.dial(dial.peer(), dial.signedRecord());
        } else if (output instanceof RouterOutput.Notify notify) {
            hub.publish(notify.event());
        }
    }

    private void send(RouterOutput.SendMessage send) {
        if (send.to().isEmpty()) {
            return;
        }
        if (lastMessage != send.message() || lastEncoded == null) {
            lastMessage = send.message();
            lastEncoded = EncodedMessage.of(send.message());
        }
        OutboundQueue.Outgoing outgoing = new OutboundQueue.Outgoing(send.id(), lastEncoded);
        for (PeerId to : send.to()) {
            PeerLink link = peers.get(to);
            if (link == null || link.outbound == null) {
                continue;
            }
            if (link.outbound.queue().message(outgoing)) {
                touch(link);
            } else {
                counters.lostByPeers.increment();
            }
            if (recipients != null) {
                recipients.add(link);
            }
        }
    }

    /** Tells every peer of a topic. */
    void tellAll(Subscription change) {
        for (PeerLink link : peers.all()) {
            if (link.outbound != null) {
                link.outbound.queue().subscription(change);
                touch(link);
            }
        }
    }

    private PeerLink.@Nullable Outbound outbound(PeerId peer) {
        PeerLink link = peers.get(peer);
        if (link == null) {
            return null;
        }
        touch(link);
        return link.outbound;
    }

    /** Has the peer's queue flushed at the end of the turn. */
    void touch(PeerLink link) {
        if (!link.dirty) {
            link.dirty = true;
            dirty.add(link);
        }
    }

    /** The end of a turn. */
    void flush() {
        // Nobody needs its arrays any more once the queues have let go of it.
        lastMessage = null;
        lastEncoded = null;
        for (PeerLink link = dirty.poll(); link != null; link = dirty.poll()) {
            link.dirty = false;
            if (link.outbound != null) {
                link.outbound.flush();
            }
        }
    }
}
