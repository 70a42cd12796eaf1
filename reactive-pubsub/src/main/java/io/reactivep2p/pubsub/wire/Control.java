package io.reactivep2p.pubsub.wire;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What gossipsub routers tell each other.
 *
 * @param ihave ids of messages that the sender has
 * @param iwant ids of messages that the sender asks for, of all such entries together
 * @param graft topics whose mesh the sender adds us to
 * @param prune topics whose mesh the sender removes us from
 * @param idontwant ids of messages that the sender has no use for, of all such entries together (1.2)
 * @param idontwantEntries how many IDONTWANT entries those ids came in, which is what is limited
 * @param extensions what the sender supports, or {@code null} where it said nothing (1.3)
 */
public record Control(
        List<IHave> ihave,
        List<MessageId> iwant,
        List<String> graft,
        List<Prune> prune,
        List<MessageId> idontwant,
        int idontwantEntries,
        @Nullable Extensions extensions) {

    public Control {
        ihave = List.copyOf(ihave);
        iwant = List.copyOf(iwant);
        graft = List.copyOf(graft);
        prune = List.copyOf(prune);
        idontwant = List.copyOf(idontwant);
    }

    /** Ids of messages of one topic. */
    public record IHave(String topic, List<MessageId> ids) {
        public IHave {
            ids = List.copyOf(ids);
        }
    }

    /**
     * Removal from a mesh.
     *
     * @param peers others that the sender knows in the topic
     * @param backoffSeconds how long not to come back, unsigned as it came; empty where not said
     */
    public record Prune(String topic, List<ExchangedPeer> peers, OptionalLong backoffSeconds) {
        public Prune {
            peers = List.copyOf(peers);
        }
    }

    /**
     * A peer told of in a PRUNE.
     *
     * @param peer who
     * @param signedRecord its signed peer record, not verified, empty where there is none
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record ExchangedPeer(PeerId peer, byte[] signedRecord) {}

    /**
     * What a gossipsub 1.3 node supports.
     *
     * @param partialMessages the partial messages extension
     * @param testExtension the extension that only tests use
     */
    public record Extensions(boolean partialMessages, boolean testExtension) {

        /** No extension at all. */
        public static final Extensions NONE = new Extensions(false, false);
    }

    public static Control graft(String topic) {
        return new Control(List.of(), List.of(), List.of(topic), List.of(), List.of(), 0, null);
    }

    public static Control prune(Prune prune) {
        return new Control(List.of(), List.of(), List.of(), List.of(prune), List.of(), 0, null);
    }

    public static Control ihave(IHave have) {
        return new Control(List.of(have), List.of(), List.of(), List.of(), List.of(), 0, null);
    }

    public static Control iwant(List<MessageId> ids) {
        return new Control(List.of(), ids, List.of(), List.of(), List.of(), 0, null);
    }

    public static Control idontwant(List<MessageId> ids) {
        return new Control(List.of(), List.of(), List.of(), List.of(), ids, 1, null);
    }

    public static Control extensions(Extensions extensions) {
        return new Control(List.of(), List.of(), List.of(), List.of(), List.of(), 0, extensions);
    }
}
