package io.reactivep2p.pubsub.wire;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.pubsub.MessageId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts control into pieces that fit into an RPC each. What must not be lost comes first: extensions, PRUNE, GRAFT; then what may be:
 * IDONTWANT, IWANT, IHAVE.
 */
@SansIo
public final class ControlSplitter {

    /** The ids of IDONTWANT that go-libp2p heeds in one RPC; it passes over the rest. */
    public static final int MAX_IDONTWANT_IDS = 10;

    /** Tag and length of control in its RPC, or of an entry in its control. */
    private static final int FRAME_BYTES = 5;

    private final RpcLimits limits;
    private final int maxBytes;
    private final List<Control> pieces = new ArrayList<>();

    private List<Control.IHave> ihave = new ArrayList<>();
    private List<MessageId> iwant = List.of();
    private List<String> graft = new ArrayList<>();
    private List<Control.Prune> prune = new ArrayList<>();
    private List<MessageId> idontwant = List.of();
    private Control.@Nullable Extensions extensions;
    private int bytes;
    private int entries;
    private int ihaveIds;

    private ControlSplitter(RpcLimits limits) {
        this.limits = limits;
        this.maxBytes = limits.maxControlBytes() - FRAME_BYTES;
    }

    /**
     * The same control in pieces, each of which is an RPC of at most {@link RpcLimits#maxControlBytes}, with no more elements than the
     * limits have us read. None where there is nothing to say. Left out is what fits nowhere: an entry whose topic is too long, and of the
     * peers of a PRUNE those that are too many for one RPC.
     */
    public static List<Control> split(Control control, RpcLimits limits) {
        ControlSplitter splitter = new ControlSplitter(limits);
        splitter.add(control);
        splitter.endPiece();
        return List.copyOf(splitter.pieces);
    }

    private void add(Control control) {
        Control.Extensions said = control.extensions();
        if (said != null && makeRoom(FRAME_BYTES + ControlWriter.size(said))) {
            extensions = said;
        }
        control.prune().forEach(this::add);
        for (String topic : control.graft()) {
            if (makeRoom(FRAME_BYTES + ControlWriter.graftSize(topic))) {
                graft.add(topic);
            }
        }
        addIds(control.idontwant(), FRAME_BYTES, MAX_IDONTWANT_IDS, ids -> idontwant = ids);
        addIds(control.iwant(), FRAME_BYTES, limits.maxIds(), ids -> iwant = ids);
        for (Control.IHave have : control.ihave()) {
            addIds(have.ids(), FRAME_BYTES + ControlWriter.graftSize(have.topic()), limits.maxIds(), ids -> {
                ihave.add(new Control.IHave(have.topic(), ids));
                ihaveIds += ids.size();
            });
        }
    }

    private void add(Control.Prune whole) {
        int peers = Math.min(whole.peers().size(), limits.maxExchangedPeers());
        while (peers > 0 && FRAME_BYTES + ControlWriter.size(first(peers, whole)) > maxBytes) {
            peers--;
        }
        Control.Prune fitting = first(peers, whole);
        if (makeRoom(FRAME_BYTES + ControlWriter.size(fitting))) {
            prune.add(fitting);
        }
    }

    private static Control.Prune first(int peers, Control.Prune prune) {
        return new Control.Prune(prune.topic(), prune.peers().subList(0, peers), prune.backoffSeconds());
    }

    private void addIds(List<MessageId> ids, int entryBytes, int maxIds, Consumer<List<MessageId>> entry) {
        int from = 0;
        while (from < ids.size() && makeRoom(entryBytes + ControlWriter.size(ids.get(from)))) {
            bytes -= ControlWriter.size(ids.get(from)); // counted again with the others
            int to = from;
            while (to < ids.size()
                    && to - from < maxIds
                    && ihaveIds + to - from < limits.maxIds()
                    && bytes + ControlWriter.size(ids.get(to)) <= maxBytes) {
                bytes += ControlWriter.size(ids.get(to));
                to++;
            }
            entry.accept(ids.subList(from, to));
            from = to;
            if (from < ids.size()) {
                endPiece();
            }
        }
    }

    /** Makes sure that an entry of so many bytes fits into the piece, and counts it; false where it fits into none. */
    private boolean makeRoom(int entryBytes) {
        if (entryBytes > maxBytes) {
            return false;
        }
        if (bytes + entryBytes > maxBytes || entries == limits.maxControlEntries() || ihaveIds == limits.maxIds()) {
            endPiece();
        }
        bytes += entryBytes;
        entries++;
        return true;
    }

    private void endPiece() {
        if (entries > 0) {
            pieces.add(new Control(ihave, iwant, graft, prune, idontwant, idontwant.isEmpty() ? 0 : 1, extensions));
        }
        ihave = new ArrayList<>();
        iwant = List.of();
        graft = new ArrayList<>();
        prune = new ArrayList<>();
        idontwant = List.of();
        extensions = null;
        bytes = 0;
        entries = 0;
        ihaveIds = 0;
    }
}
