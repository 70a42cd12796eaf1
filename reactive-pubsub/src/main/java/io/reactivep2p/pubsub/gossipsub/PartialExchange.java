package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.PartialMessage;
import io.reactivep2p.pubsub.wire.PartialSupport;
import io.reactivep2p.pubsub.wire.Subscription;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Messages in parts: passes what comes to the application, as much as a peer may have it look at, and sends each peer what the application
 * has for it. At most one row for each connected peer, and the groups.
 */
@SansIo
final class PartialExchange {

    /** The most that frames and lengths add to a topic, a group, parts and metadata in an RPC. */
    private static final int FRAMES = 64;

    /** The most bytes of a character in UTF-8 that takes one place in a string. */
    private static final int CHARACTER_BYTES = 3;

    private final GossipsubState state;
    private final ExtensionState extensions;
    private final PartialTopics topics;
    private final Forwarding forwarding;
    private final PartialGroups groups;
    private final Map<PeerId, Ledger> ledgers = new HashMap<>();

    PartialExchange(GossipsubState state, ExtensionState extensions, PartialTopics topics, Forwarding forwarding) {
        this.state = state;
        this.extensions = extensions;
        this.topics = topics;
        this.forwarding = forwarding;
        this.groups = new PartialGroups(state.params().partial().ticks());
    }

    private static final class Ledger {
        private int parts;
        private long bytes;
    }

    // ---- from peers

    void onPartial(PeerId from, PartialMessage partial) {
        PartialMessage asked = askedFor(partial);
        if (!isWelcome(from, partial) || !tell(from, asked)) {
            dropped();
            return;
        }
        if (asked != partial) {
            dropped();
        }
        PartialGroups.Group group = groups.get(partial.topic(), partial.group());
        PartialSource source = group == null ? null : group.source();
        if (group != null && source != null && group.peers().contains(from)) {
            offer(group, source, from);
        }
    }

    private boolean isWelcome(PeerId from, PartialMessage partial) {
        PartialSupport ours = topics.ours(partial.topic());
        return extensions.agreesOnPartialMessages(from)
                && ours != PartialSupport.NONE
                && (isAskedFor(partial) || length(partial.metadata()) > 0)
                && partial.group().length <= PartialMessages.MAX_GROUP_BYTES
                && length(partial.metadata()) <= PartialMessages.MAX_METADATA_BYTES
                && !isIgnored(from)
                && mayStill(from, partial)
                && groups.admits(partial.topic(), partial.group(), from);
    }

    /** Parts are not to be sent to who did not ask for them; rust answers metadata with them, and may say what it has nowhere but there. */
    private PartialMessage askedFor(PartialMessage partial) {
        return isAskedFor(partial)
                ? partial
                : new PartialMessage(partial.topic(), partial.group(), null, partial.metadata());
    }

    private boolean isAskedFor(PartialMessage partial) {
        return topics.ours(partial.topic()) == PartialSupport.REQUESTS || length(partial.parts()) == 0;
    }

    private boolean mayStill(PeerId from, PartialMessage partial) {
        Ledger ledger = ledgers.computeIfAbsent(from, fresh -> new Ledger());
        ledger.parts++;
        ledger.bytes += (long) partial.group().length + length(partial.parts()) + length(partial.metadata());
        return ledger.parts <= PartialMessages.MAX_PARTS_PER_HEARTBEAT
                && ledger.bytes <= PartialMessages.MAX_BYTES_PER_HEARTBEAT;
    }

    /** Returns whether the application took it, and what it wants remembered is. */
    private boolean tell(PeerId from, PartialMessage partial) {
        PartialGroups.Group group = groups.get(partial.topic(), partial.group());
        byte[] known = group == null || !group.peers().contains(from) ? null : group.row(from).told;
        byte @Nullable [] told;
        try {
            told = state.params().partial().application().onPartial(from, partial, known);
        } catch (RuntimeException notUnderstood) {
            return false;
        }
        return told == null
                || told.length <= PartialMessages.MAX_METADATA_BYTES
                        && groups.tell(partial.topic(), partial.group(), from, told);
    }

    // ---- from here

    /** What becomes of parts in a topic, which those who know that it is joined here are told. */
    void support(String topic, PartialSupport support) {
        if (!topics.set(topic, support)) {
            return;
        }
        if (support == PartialSupport.NONE) {
            groups.removeTopic(topic);
        }
        if (state.neighbours().joined().contains(topic)) {
            state.outbox().add(new RouterOutput.TellAll(Subscription.join(topic, support)));
        }
    }

    /**
     * Begins with a message, or goes on with it.
     *
     * @param to whom to send it; where empty, those whom a message would be sent to, and those who spoke of the group
     * @throws RuntimeException what went wrong with one of the peers; the others have theirs
     */
    void publish(String topic, PartialSource source, Collection<PeerId> to, long nowNanos) {
        if (topics.ours(topic) == PartialSupport.NONE) {
            throw new IllegalStateException(
                    "nothing was said of parts in the topic " + topic + "; supportPartial does");
        }
        byte[] id = source.group();
        if (id.length > PartialMessages.MAX_GROUP_BYTES) {
            throw new IllegalArgumentException("a group id of " + id.length + " bytes; at most "
                    + PartialMessages.MAX_GROUP_BYTES + " are allowed");
        }
        PartialGroups.Group group = groups.publish(topic, id, source);
        RuntimeException failure = null;
        for (PeerId peer : to.isEmpty() ? recipients(group, nowNanos) : to) {
            try {
                send(group, source, peer);
            } catch (RuntimeException refused) {
                failure = failure == null ? refused : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private Set<PeerId> recipients(PartialGroups.Group group, long nowNanos) {
        Set<PeerId> recipients = new LinkedHashSet<>();
        for (PeerId peer : forwarding.recipients(group.topic, nowNanos)) {
            if (topics.isPartner(peer, group.topic)) {
                recipients.add(peer);
            }
        }
        recipients.addAll(group.peers());
        return recipients;
    }

    /** The heartbeat has begun: what is limited between two of them is counted anew, and old groups are forgotten. */
    void onHeartbeat() {
        ledgers.clear();
        groups.onHeartbeat();
    }

    /** Tells peers in the meshes that entered them after a message was published which parts of it are here. */
    void offerToMeshes() {
        for (String topic : groups.topics()) {
            for (PeerId peer : state.mesh().peers(topic)) {
                if (topics.isPartner(peer, topic)) {
                    gossip(topic, peer);
                }
            }
        }
    }

    /** Whether there is anything to gossip about. */
    boolean hasGossip(String topic) {
        return !groups.published(topic).isEmpty();
    }

    /** Tells a peer of all messages of the topic that it has no part in yet. */
    void gossip(String topic, PeerId peer) {
        for (PartialGroups.Group group : groups.published(topic)) {
            PartialSource source = group.source();
            if (source != null && !group.peers().contains(peer)) {
                offer(group, source, peer);
            }
        }
    }

    void onPeerDisconnected(PeerId peer) {
        ledgers.remove(peer);
        groups.removePeer(peer);
    }

    /** As {@link #send}, where nobody waits to hear what is wrong, and a heartbeat has more to do than this. */
    private void offer(PartialGroups.Group group, PartialSource source, PeerId peer) {
        try {
            send(group, source, peer);
        } catch (RuntimeException refused) {
            dropped();
        }
    }

    private void send(PartialGroups.Group group, PartialSource source, PeerId peer) {
        if (!extensions.agreesOnPartialMessages(peer) || isIgnored(peer)) {
            return;
        }
        boolean wantsParts = topics.requests(peer, group.topic);
        PartialGroups.Row row = group.row(peer);
        PartialAnswer answer = source.answerTo(peer, row.told, wantsParts);
        byte[] parts = wantsParts && length(answer.parts()) > 0 ? answer.parts() : null;
        byte[] metadata = Arrays.equals(answer.metadata(), row.said) ? null : answer.metadata();
        if (parts == null && metadata == null) {
            return;
        }
        PartialMessage message = new PartialMessage(group.topic, group.id, parts, metadata);
        requireFits(message);
        if (metadata != null) {
            row.said = metadata;
        }
        if (parts != null && answer.peerMetadata() != null) {
            row.told = answer.peerMetadata();
        }
        state.outbox().add(new RouterOutput.SendPartial(peer, message));
    }

    private void requireFits(PartialMessage message) {
        long size = FRAMES
                + (long) CHARACTER_BYTES * message.topic().length()
                + message.group().length
                + length(message.parts())
                + length(message.metadata());
        int max = state.params().partial().maxBytes();
        if (size > max) {
            throw new IllegalArgumentException("parts of " + size + " bytes for the topic " + message.topic()
                    + "; at most " + max + " may be sent at once");
        }
    }

    private boolean isIgnored(PeerId peer) {
        return state.score().score(peer) < state.params().thresholds().gossip();
    }

    private void dropped() {
        state.outbox().add(new RouterOutput.CountDroppedPart());
    }

    private static int length(byte @Nullable [] field) {
        return field == null ? 0 : field.length;
    }
}
