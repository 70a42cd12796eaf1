package io.reactivep2p.pubsub.gossipsub.mesh;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.RawMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages of the last heartbeats, in windows: those of the newest ones are gossiped about, those of all can be asked for. Counts how
 * often each peer was sent each message on request.
 *
 * <pre>
 *   oldest                             newest
 *   | window 4 | window 3 | window 2 | window 1 | window 0 |     shift(): window 4 is dropped, an empty one begins
 *                         |----- gossiped about -----------|
 *   |----- can be asked for -------------------------------|
 * </pre>
 *
 * <p>When there is more than the bounds allow, the oldest messages go first.
 */
@SansIo
public final class MessageCache {

    /** What a message costs beside its fields: headers, the id, tables. An estimate. */
    static final int MESSAGE_OVERHEAD_BYTES = 256;

    /** What it costs to count for one peer how often it was sent one message. An estimate. */
    static final int COUNT_BYTES = 64;

    private final int historyWindows;
    private final int gossipWindows;
    private final int maxMessages;
    private final long maxBytes;
    /** In the order of arrival, which is that of the windows. */
    private final Map<MessageId, Entry> entries = new LinkedHashMap<>();

    private long window;
    private long bytes;
    private long position;

    /**
     * @param historyWindows how many windows are kept
     * @param gossipWindows how many of them are gossiped about
     * @param maxMessages the most messages kept
     * @param maxBytes the most bytes kept, overhead and counts included
     */
    public MessageCache(int historyWindows, int gossipWindows, int maxMessages, long maxBytes) {
        this.historyWindows = historyWindows;
        this.gossipWindows = gossipWindows;
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Puts a message into the newest window; one that is there stays where it is. */
    public void put(MessageId id, RawMessage message) {
        long size = bytesOf(message);
        if (size > maxBytes || maxMessages == 0) {
            return;
        }
        Entry entry = new Entry(message, window, position, size);
        if (entries.putIfAbsent(id, entry) != null) {
            return;
        }
        position++;
        bytes += size;
        keepBounds();
    }

    /** Whether the message can be asked for. */
    public boolean contains(MessageId id) {
        return entries.containsKey(id);
    }

    /**
     * The message for a peer that asks for it.
     *
     * @return {@code null} where it is not there, or went to the peer {@code maxTransmissions} times
     */
    public @Nullable RawMessage request(MessageId id, PeerId peer, int maxTransmissions) {
        Entry entry = entries.get(id);
        if (entry == null) {
            return null;
        }
        int sent = entry.transmissions.getOrDefault(peer, 0);
        if (sent >= maxTransmissions) {
            return null;
        }
        if (sent == 0) {
            if (entry.transmissions.isEmpty()) {
                entry.transmissions = new HashMap<>();
            }
            entry.bytes += COUNT_BYTES;
            bytes += COUNT_BYTES;
        }
        entry.transmissions.put(peer, sent + 1);
        keepBounds();
        return entry.message;
    }

    /** The ids to gossip about, by topic, the oldest first. */
    public Map<String, List<MessageId>> gossip() {
        Map<String, List<MessageId>> ids = new LinkedHashMap<>();
        entries.forEach((id, entry) -> {
            if (entry.window > window - gossipWindows) {
                ids.computeIfAbsent(entry.message.topic(), topic -> new ArrayList<>())
                        .add(id);
            }
        });
        return ids;
    }

    /** How many messages were put so far. */
    public long position() {
        return position;
    }

    /** The ids of a topic to gossip about, of messages that were put before a {@link #position}, the oldest first. */
    public List<MessageId> gossipBefore(String topic, long before) {
        List<MessageId> ids = new ArrayList<>();
        for (Map.Entry<MessageId, Entry> known : entries.entrySet()) {
            Entry entry = known.getValue();
            if (entry.position >= before) {
                break;
            }
            if (entry.window > window - gossipWindows && entry.message.topic().equals(topic)) {
                ids.add(known.getKey());
            }
        }
        return ids;
    }

    /** Begins a new window, and drops the oldest. */
    public void shift() {
        window++;
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            Entry entry = oldest.next();
            if (entry.window > window - historyWindows) {
                return;
            }
            bytes -= entry.bytes;
            oldest.remove();
        }
    }

    /** How many messages are kept. */
    public int size() {
        return entries.size();
    }

    /** How many bytes they are taken to need. */
    public long bytes() {
        return bytes;
    }

    private void keepBounds() {
        if (entries.size() <= maxMessages && bytes <= maxBytes) {
            return;
        }
        Iterator<Entry> oldest = entries.values().iterator();
        while (entries.size() > maxMessages || bytes > maxBytes) {
            bytes -= oldest.next().bytes;
            oldest.remove();
        }
    }

    private static long bytesOf(RawMessage message) {
        return (long) MESSAGE_OVERHEAD_BYTES
                + message.data().length
                + message.topic().length()
                + length(message.from())
                + length(message.seqno())
                + length(message.signature())
                + length(message.key());
    }

    private static int length(byte @Nullable [] field) {
        return field == null ? 0 : field.length;
    }

    private static final class Entry {
        private final RawMessage message;
        private final long window;
        private final long position;
        private long bytes;
        /** By peer; nothing for most messages. The order of peers never shows. */
        private Map<PeerId, Integer> transmissions = Map.of();

        Entry(RawMessage message, long window, long position, long bytes) {
            this.message = message;
            this.window = window;
            this.position = position;
            this.bytes = bytes;
        }
    }
}
