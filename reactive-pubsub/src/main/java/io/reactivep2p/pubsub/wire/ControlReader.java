package io.reactivep2p.pubsub.wire;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the control messages of one RPC, which become one: protobuf merges what comes twice. Ids and exchanged peers beyond the limits are
 * skipped, since a sender of them need not be hostile.
 */
final class ControlReader {

    static final int IHAVE = 1;
    static final int IWANT = 2;
    static final int GRAFT = 3;
    static final int PRUNE = 4;
    static final int IDONTWANT = 5;
    static final int EXTENSIONS = 6;

    /** The last field whose elements are counted. */
    static final int LAST_LIST = IDONTWANT;

    static final int TOPIC = 1;
    static final int IHAVE_IDS = 2;
    static final int IDS = 1;
    static final int PRUNE_PEERS = 2;
    static final int PRUNE_BACKOFF = 3;
    static final int PEER_ID = 1;
    static final int PEER_RECORD = 2;
    static final int PARTIAL_MESSAGES = 10;

    private static final byte[] NO_RECORD = new byte[0];

    private final ProtoReader in;
    private final RpcLimits limits;
    private final List<Control.IHave> ihave = new ArrayList<>();
    private final List<MessageId> iwant = new ArrayList<>();
    private final List<String> graft = new ArrayList<>();
    private final List<Control.Prune> prune = new ArrayList<>();
    private final List<MessageId> idontwant = new ArrayList<>();
    private int ihaveIds;
    private int idontwantEntries;
    private Control.@Nullable Extensions extensions;

    ControlReader(ProtoReader in, RpcLimits limits) {
        this.in = in;
        this.limits = limits;
    }

    /** Reads the message that the current field is. */
    void read() {
        int outer = in.enter();
        while (in.next()) {
            if (in.is(IHAVE, ProtoWriter.LENGTH)) {
                readIHave();
            } else if (in.is(IWANT, ProtoWriter.LENGTH)) {
                readIds(iwant);
            } else if (in.is(GRAFT, ProtoWriter.LENGTH)) {
                readGraft();
            } else if (in.is(PRUNE, ProtoWriter.LENGTH)) {
                readPrune();
            } else if (in.is(IDONTWANT, ProtoWriter.LENGTH)) {
                idontwantEntries++;
                readIds(idontwant);
            } else if (in.is(EXTENSIONS, ProtoWriter.LENGTH)) {
                readExtensions();
            } else {
                in.skip();
            }
        }
        in.leave(outer);
    }

    Control control() {
        return new Control(ihave, iwant, graft, prune, idontwant, idontwantEntries, extensions);
    }

    private void readIHave() {
        int outer = in.enter();
        String topic = null;
        List<MessageId> ids = new ArrayList<>();
        while (in.next()) {
            if (in.is(TOPIC, ProtoWriter.LENGTH)) {
                topic = in.text();
            } else if (in.is(IHAVE_IDS, ProtoWriter.LENGTH) && ihaveIds + ids.size() < limits.maxIds()) {
                readId(ids);
            } else {
                in.skip();
            }
        }
        in.leave(outer);
        if (topic != null && !ids.isEmpty()) {
            ihaveIds += ids.size();
            ihave.add(new Control.IHave(topic, ids));
        }
    }

    private void readIds(List<MessageId> ids) {
        int outer = in.enter();
        while (in.next()) {
            if (in.is(IDS, ProtoWriter.LENGTH) && ids.size() < limits.maxIds()) {
                readId(ids);
            } else {
                in.skip();
            }
        }
        in.leave(outer);
    }

    private void readId(List<MessageId> ids) {
        int length = in.length();
        if (length <= MessageId.MAX_BYTES) {
            ids.add(MessageId.of(in.bytes(length)));
        } else {
            in.position(in.position() + length);
        }
    }

    private void readGraft() {
        int outer = in.enter();
        String topic = null;
        while (in.next()) {
            if (in.is(TOPIC, ProtoWriter.LENGTH)) {
                topic = in.text();
            } else {
                in.skip();
            }
        }
        in.leave(outer);
        if (topic != null) {
            graft.add(topic);
        }
    }

    private void readPrune() {
        int outer = in.enter();
        String topic = null;
        List<Control.ExchangedPeer> peers = new ArrayList<>();
        OptionalLong backoffSeconds = OptionalLong.empty();
        while (in.next()) {
            if (in.is(TOPIC, ProtoWriter.LENGTH)) {
                topic = in.text();
            } else if (in.is(PRUNE_PEERS, ProtoWriter.LENGTH) && peers.size() < limits.maxExchangedPeers()) {
                readPeer(peers);
            } else if (in.is(PRUNE_BACKOFF, ProtoWriter.VARINT)) {
                backoffSeconds = OptionalLong.of(in.varint());
            } else {
                in.skip();
            }
        }
        in.leave(outer);
        if (topic != null) {
            prune.add(new Control.Prune(topic, peers, backoffSeconds));
        }
    }

    private void readPeer(List<Control.ExchangedPeer> peers) {
        int outer = in.enter();
        byte[] id = null;
        byte[] signedRecord = NO_RECORD;
        while (in.next()) {
            if (in.is(PEER_ID, ProtoWriter.LENGTH)) {
                id = in.bytes();
            } else if (in.is(PEER_RECORD, ProtoWriter.LENGTH)) {
                signedRecord = in.bytes();
            } else {
                in.skip();
            }
        }
        in.leave(outer);
        if (id == null) {
            return;
        }
        try {
            peers.add(new Control.ExchangedPeer(PeerId.of(id), signedRecord));
        } catch (IllegalArgumentException noPeerId) {
            // Nobody who could be dialed; the others still can.
        }
    }

    private void readExtensions() {
        int outer = in.enter();
        boolean partialMessages = extensions != null && extensions.partialMessages();
        boolean testExtension = extensions != null && extensions.testExtension();
        while (in.next()) {
            if (in.is(PARTIAL_MESSAGES, ProtoWriter.VARINT)) {
                partialMessages = in.varint() != 0;
            } else if (in.is(RpcReader.TEST_EXTENSION, ProtoWriter.VARINT)) {
                testExtension = in.varint() != 0;
            } else {
                in.skip();
            }
        }
        in.leave(outer);
        extensions = new Control.Extensions(partialMessages, testExtension);
    }
}
