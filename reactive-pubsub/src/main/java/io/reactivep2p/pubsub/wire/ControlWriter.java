package io.reactivep2p.pubsub.wire;

import io.reactivep2p.pubsub.MessageId;
import java.util.List;

/** Writes a control message, its fields in the order of their numbers. */
final class ControlWriter {

    /** The test extension's tag. */
    static final int LONG_TAG_SIZE = 4;

    private static final int BOOL_SIZE = 2;

    private ControlWriter() {}

    static int size(Control control) {
        int size = 0;
        for (Control.IHave have : control.ihave()) {
            size += ProtoWriter.fieldSize(size(have));
        }
        size += idEntrySize(control.iwant());
        for (String topic : control.graft()) {
            size += ProtoWriter.fieldSize(graftSize(topic));
        }
        for (Control.Prune prune : control.prune()) {
            size += ProtoWriter.fieldSize(size(prune));
        }
        size += idEntrySize(control.idontwant());
        Control.Extensions extensions = control.extensions();
        return size + (extensions == null ? 0 : ProtoWriter.fieldSize(size(extensions)));
    }

    static void write(Control control, ProtoWriter out) {
        for (Control.IHave have : control.ihave()) {
            out.message(ControlReader.IHAVE, size(have));
            out.bytes(ControlReader.TOPIC, RpcWriter.utf8(have.topic()));
            writeIds(ControlReader.IHAVE_IDS, have.ids(), out);
        }
        writeIdEntry(ControlReader.IWANT, control.iwant(), out);
        for (String topic : control.graft()) {
            byte[] bytes = RpcWriter.utf8(topic);
            out.message(ControlReader.GRAFT, ProtoWriter.fieldSize(bytes.length));
            out.bytes(ControlReader.TOPIC, bytes);
        }
        for (Control.Prune prune : control.prune()) {
            write(prune, out);
        }
        writeIdEntry(ControlReader.IDONTWANT, control.idontwant(), out);
        Control.Extensions extensions = control.extensions();
        if (extensions != null) {
            write(extensions, out);
        }
    }

    static int size(Control.IHave have) {
        return ProtoWriter.fieldSize(RpcWriter.utf8(have.topic()).length) + size(have.ids());
    }

    static int size(List<MessageId> ids) {
        int size = 0;
        for (MessageId id : ids) {
            size += size(id);
        }
        return size;
    }

    static int size(MessageId id) {
        return ProtoWriter.fieldSize(id.length());
    }

    static int graftSize(String topic) {
        return ProtoWriter.fieldSize(RpcWriter.utf8(topic).length);
    }

    static int size(Control.Prune prune) {
        int size = ProtoWriter.fieldSize(RpcWriter.utf8(prune.topic()).length);
        for (Control.ExchangedPeer peer : prune.peers()) {
            size += ProtoWriter.fieldSize(size(peer, peer.peer().toBytes()));
        }
        if (prune.backoffSeconds().isPresent()) {
            size += 1 + ProtoWriter.varintSize(prune.backoffSeconds().getAsLong());
        }
        return size;
    }

    static int size(Control.Extensions extensions) {
        return (extensions.partialMessages() ? BOOL_SIZE : 0) + (extensions.testExtension() ? LONG_TAG_SIZE + 1 : 0);
    }

    private static int size(Control.ExchangedPeer peer, byte[] id) {
        int record = peer.signedRecord().length;
        return ProtoWriter.fieldSize(id.length) + (record == 0 ? 0 : ProtoWriter.fieldSize(record));
    }

    private static int idEntrySize(List<MessageId> ids) {
        return ids.isEmpty() ? 0 : ProtoWriter.fieldSize(size(ids));
    }

    private static void writeIdEntry(int field, List<MessageId> ids, ProtoWriter out) {
        if (!ids.isEmpty()) {
            out.message(field, size(ids));
            writeIds(ControlReader.IDS, ids, out);
        }
    }

    private static void writeIds(int field, List<MessageId> ids, ProtoWriter out) {
        for (MessageId id : ids) {
            out.bytes(field, id.toBytes());
        }
    }

    private static void write(Control.Prune prune, ProtoWriter out) {
        out.message(ControlReader.PRUNE, size(prune));
        out.bytes(ControlReader.TOPIC, RpcWriter.utf8(prune.topic()));
        for (Control.ExchangedPeer peer : prune.peers()) {
            byte[] id = peer.peer().toBytes();
            out.message(ControlReader.PRUNE_PEERS, size(peer, id));
            out.bytes(ControlReader.PEER_ID, id);
            if (peer.signedRecord().length > 0) {
                out.bytes(ControlReader.PEER_RECORD, peer.signedRecord());
            }
        }
        if (prune.backoffSeconds().isPresent()) {
            out.varint(ControlReader.PRUNE_BACKOFF, prune.backoffSeconds().getAsLong());
        }
    }

    private static void write(Control.Extensions extensions, ProtoWriter out) {
        out.message(ControlReader.EXTENSIONS, size(extensions));
        if (extensions.partialMessages()) {
            out.bool(ControlReader.PARTIAL_MESSAGES, true);
        }
        if (extensions.testExtension()) {
            out.bool(RpcReader.TEST_EXTENSION, true);
        }
    }
}
