package io.reactivep2p.pubsub.router;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.wire.Control;
import io.reactivep2p.pubsub.wire.ControlSplitter;
import io.reactivep2p.pubsub.wire.RpcLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Control that waits for one peer, merged into as few RPCs as the limits allow.
 *
 * <p>Of GRAFT and PRUNE the last of a topic is what counts, since whoever reads both in one RPC looks at GRAFT first. Their number is
 * bounded by that of topics; ids are bounded by {@link #MAX_IDS} of each kind, and those beyond are lost, as gossip may be.
 */
@SansIo
final class PendingControl {

    /** Ids of each kind that wait: what go asks for and announces in one heartbeat. */
    static final int MAX_IDS = 5_000;

    /** Topics with a GRAFT or PRUNE waiting; far above any number of topics that are joined. A choice of ours. */
    static final int MAX_TOPICS = 16_384;

    private final Set<String> graft = new LinkedHashSet<>();
    private final Map<String, Control.Prune> prune = new LinkedHashMap<>();
    private final Map<String, List<MessageId>> ihave = new LinkedHashMap<>();
    private final List<MessageId> iwant = new ArrayList<>();
    private final List<MessageId> idontwant = new ArrayList<>();
    private Control.@Nullable Extensions extensions;
    private int announced;

    boolean isEmpty() {
        return extensions == null
                && graft.isEmpty()
                && prune.isEmpty()
                && ihave.isEmpty()
                && iwant.isEmpty()
                && idontwant.isEmpty();
    }

    /** Returns how many ids and topics were lost. */
    int add(Control more) {
        int lost = 0;
        if (more.extensions() != null) {
            extensions = more.extensions();
        }
        for (String topic : more.graft()) {
            prune.remove(topic);
            lost += hasTopicRoom() && graft.add(topic) || graft.contains(topic) ? 0 : 1;
        }
        for (Control.Prune one : more.prune()) {
            graft.remove(one.topic());
            if (prune.containsKey(one.topic()) || hasTopicRoom()) {
                prune.put(one.topic(), one);
            } else {
                lost++;
            }
        }
        for (Control.IHave have : more.ihave()) {
            lost += announce(have);
        }
        lost += addUpTo(MAX_IDS, iwant, more.iwant());
        lost += addUpTo(MAX_IDS, idontwant, more.idontwant());
        return lost;
    }

    private boolean hasTopicRoom() {
        return graft.size() + prune.size() < MAX_TOPICS;
    }

    private int announce(Control.IHave have) {
        int room = Math.min(MAX_IDS - announced, have.ids().size());
        if (room > 0) {
            ihave.computeIfAbsent(have.topic(), topic -> new ArrayList<>())
                    .addAll(have.ids().subList(0, room));
            announced += room;
        }
        return have.ids().size() - room;
    }

    private static int addUpTo(int max, List<MessageId> ids, List<MessageId> more) {
        int room = Math.min(max - ids.size(), more.size());
        ids.addAll(more.subList(0, room));
        return more.size() - room;
    }

    /** All of it, in as many RPCs as the limits ask for. */
    List<Control> take(RpcLimits limits) {
        List<Control.IHave> haves = new ArrayList<>(ihave.size());
        ihave.forEach((topic, ids) -> haves.add(new Control.IHave(topic, ids)));
        Control all = new Control(
                haves,
                iwant,
                List.copyOf(graft),
                List.copyOf(prune.values()),
                idontwant,
                idontwant.isEmpty() ? 0 : 1,
                extensions);
        extensions = null;
        graft.clear();
        prune.clear();
        ihave.clear();
        announced = 0;
        iwant.clear();
        idontwant.clear();
        return ControlSplitter.split(all, limits);
    }
}
