package io.reactivep2p.pubsub.router;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.wire.Control;
import io.reactivep2p.pubsub.wire.PartialMessage;
import io.reactivep2p.pubsub.wire.Subscription;
import java.util.List;

/** What a router wants done. */
public sealed interface RouterOutput {

    /** Send one message to each of these peers; it is encoded once. A full queue loses it. */
    record SendMessage(List<PeerId> to, MessageId id, RawMessage message) implements RouterOutput {
        public SendMessage {
            to = List.copyOf(to);
        }
    }

    /**
     * Send control. GRAFT, PRUNE and extensions are never lost while the stream lives; IHAVE, IWANT and IDONTWANT are where the queue is full.
     */
    record SendControl(PeerId to, Control control) implements RouterOutput {}

    /** Send a part of a message. */
    record SendPartial(PeerId to, PartialMessage partial) implements RouterOutput {}

    /** Tell all peers of a topic again, since what is to be said of it has changed. */
    record TellAll(Subscription subscription) implements RouterOutput {}

    /** Count a part of a message of a peer that was dropped, or one for a peer that cannot be sent. */
    record CountDroppedPart() implements RouterOutput {}

    /** Send the extension for tests. */
    record SendTestExtension(PeerId to) implements RouterOutput {}

    /** Drop messages from the queue to a peer that are not sent yet: it has them. */
    record Unsend(PeerId to, List<MessageId> ids) implements RouterOutput {
        public Unsend {
            ids = List.copyOf(ids);
        }
    }

    /**
     * Dial a peer that another one told of, or a direct one.
     *
     * @param signedRecord its signed peer record, not verified yet; empty where there is none
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Dial(PeerId peer, byte[] signedRecord) implements RouterOutput {}

    /** Tell the subscribers of events. */
    record Notify(PubsubEvent event) implements RouterOutput {}
}
