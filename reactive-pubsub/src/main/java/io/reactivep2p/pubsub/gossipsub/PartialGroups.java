package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.resource.ResourceLimitException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The messages that are under way in parts, and what each peer said of them: for so many heartbeats after the last publication here, or
 * after a peer began with it. Bounded in groups for each topic, and in bytes for each peer; topics are those that the application named.
 */
@SansIo
final class PartialGroups {

    /** Groups of a topic that were published here. A choice of ours; go has no bound. */
    static final int MAX_PUBLISHED = 1_024;

    /** Groups of a topic that only peers spoke of (go-libp2p-pubsub). */
    static final int MAX_FOREIGN = 255;

    /** Groups of a topic that one peer began to speak of (go-libp2p-pubsub). */
    static final int MAX_FOREIGN_PER_PEER = 8;

    /** Metadata that are remembered of a peer, in bytes. A choice of ours. */
    static final int MAX_BYTES_PER_PEER = 256 * 1024;

    /** What a row costs beside its bytes. */
    static final int ROW_BYTES = 128;

    private final int ticks;
    private final Map<String, Topic> topics = new HashMap<>();
    /** Bytes remembered of each peer. */
    private final Map<PeerId, Integer> bytes = new HashMap<>();

    /** @param ticks for how many heartbeats a group is remembered */
    PartialGroups(int ticks) {
        this.ticks = ticks;
    }

    /** A message under way. */
    static final class Group {

        final String topic;
        final byte[] id;
        private final Map<PeerId, Row> rows = new LinkedHashMap<>();
        private int left;
        /** Who began with it; {@code null} once it was published here. */
        private @Nullable PeerId beginner;

        private @Nullable PartialSource source;

        private Group(String topic, byte[] id, @Nullable PeerId beginner) {
            this.topic = topic;
            this.id = id;
            this.beginner = beginner;
        }

        /** What was published here last; {@code null} where nothing was. */
        @Nullable
        PartialSource source() {
            return source;
        }

        Set<PeerId> peers() {
            return rows.keySet();
        }

        Row row(PeerId peer) {
            return rows.computeIfAbsent(peer, fresh -> new Row());
        }
    }

    /** A peer's part in it. */
    static final class Row {

        /** Its metadata, as far as known. */
        byte @Nullable [] told;

        /** The metadata of ours that it was sent last. */
        byte @Nullable [] said;

        private int cost;
    }

    private static final class Topic {
        private final Map<ByteBuffer, Group> groups = new LinkedHashMap<>();
        private final Map<PeerId, Integer> begunBy = new HashMap<>();
        private int foreign;

        private void forgetBeginner(Group group) {
            if (group.beginner != null) {
                foreign--;
                begunBy.computeIfPresent(group.beginner, (peer, count) -> count == 1 ? null : count - 1);
                group.beginner = null;
            }
        }
    }

    @Nullable
    Group get(String topic, byte[] id) {
        Topic known = topics.get(topic);
        return known == null ? null : known.groups.get(ByteBuffer.wrap(id));
    }

    /** Whether there is such a group, or room for one that the peer begins with. */
    boolean admits(String topic, byte[] id, PeerId from) {
        Topic known = topics.get(topic);
        return known == null
                || known.groups.containsKey(ByteBuffer.wrap(id))
                || known.foreign < MAX_FOREIGN && known.begunBy.getOrDefault(from, 0) < MAX_FOREIGN_PER_PEER;
    }

    /** Remembers a peer's metadata, in a group that is admitted. Returns whether there was room. */
    boolean tell(String topic, byte[] id, PeerId from, byte[] metadata) {
        Group group = get(topic, id);
        Row row = group == null ? null : group.rows.get(from);
        int cost = ROW_BYTES + metadata.length;
        int total = bytes.getOrDefault(from, 0) + cost - (row == null ? 0 : row.cost);
        if (total > MAX_BYTES_PER_PEER) {
            return false;
        }
        bytes.put(from, total);
        row = (group == null ? begin(topic, id, from) : group).row(from);
        row.cost = cost;
        row.told = metadata;
        return true;
    }

    private Group begin(String topic, byte[] id, PeerId beginner) {
        Topic known = topics.computeIfAbsent(topic, fresh -> new Topic());
        Group group = new Group(topic, id, beginner);
        group.left = ticks;
        known.groups.put(ByteBuffer.wrap(id), group);
        known.foreign++;
        known.begunBy.merge(beginner, 1, Integer::sum);
        return group;
    }

    /**
     * A message is published here, or published again.
     *
     * @throws ResourceLimitException where too many of the topic are under way
     */
    Group publish(String topic, byte[] id, PartialSource source) {
        Group known = get(topic, id);
        Topic all = topics.get(topic);
        if ((known == null || known.source == null)
                && all != null
                && all.groups.size() - all.foreign >= MAX_PUBLISHED) {
            throw new ResourceLimitException(
                    "pubsub", MAX_PUBLISHED + " messages of the topic " + topic + " are under way in parts already");
        }
        if (all == null) {
            all = new Topic();
            topics.put(topic, all);
        }
        Group group = known;
        if (group == null) {
            group = new Group(topic, id.clone(), null);
            all.groups.put(ByteBuffer.wrap(group.id), group);
        }
        all.forgetBeginner(group);
        group.source = source;
        group.left = ticks;
        return group;
    }

    /** The groups of a topic that were published here. A snapshot. */
    List<Group> published(String topic) {
        Topic known = topics.get(topic);
        if (known == null || known.groups.size() == known.foreign) {
            return List.of();
        }
        List<Group> published = new ArrayList<>();
        known.groups.values().stream().filter(group -> group.source != null).forEach(published::add);
        return published;
    }

    /** Topics in which something is under way. A snapshot. */
    List<String> topics() {
        return new ArrayList<>(topics.keySet());
    }

    void onHeartbeat() {
        topics.values().removeIf(topic -> {
            topic.groups.values().removeIf(group -> {
                boolean over = group.left-- == 0;
                if (over) {
                    forget(topic, group);
                }
                return over;
            });
            return topic.groups.isEmpty();
        });
    }

    void removeTopic(String topic) {
        Topic known = topics.remove(topic);
        if (known != null) {
            known.groups.values().forEach(group -> forget(known, group));
        }
    }

    /** The peer is gone. What it began counts until it is forgotten, so that it is of no use to come back. */
    void removePeer(PeerId peer) {
        bytes.remove(peer);
        topics.values().forEach(topic -> topic.groups.values().forEach(group -> group.rows.remove(peer)));
    }

    private void forget(Topic topic, Group group) {
        topic.forgetBeginner(group);
        group.rows.forEach((peer, row) -> {
            if (row.cost > 0) {
                int left = Objects.requireNonNull(bytes.get(peer)) - row.cost;
                if (left == 0) {
                    bytes.remove(peer);
                } else {
                    bytes.put(peer, left);
                }
            }
        });
    }
}
