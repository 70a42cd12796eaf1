package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.RawMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Peers and messages by number. */
public final class TestPeers {

    private TestPeers() {}

    /** An id that says its number; no key is behind it. */
    public static PeerId peer(int number) {
        return PeerId.of(
                new byte[] {0, 4, (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number});
    }

    public static List<PeerId> peers(int from, int count) {
        List<PeerId> peers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            peers.add(peer(from + i));
        }
        return peers;
    }

    public static MessageId id(int number) {
        return MessageId.of(("message " + number).getBytes(StandardCharsets.US_ASCII));
    }

    public static List<MessageId> ids(int from, int count) {
        List<MessageId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(id(from + i));
        }
        return ids;
    }

    public static RawMessage message(String topic, PeerId author, int bytes) {
        return new RawMessage(author.toBytes(), new byte[bytes], new byte[8], topic, null, null);
    }
}
