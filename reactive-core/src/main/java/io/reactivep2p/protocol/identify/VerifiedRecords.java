package io.reactivep2p.protocol.identify;

import com.google.protobuf.ByteString;
import io.reactivep2p.crypto.VerifiedCache;
import io.reactivep2p.record.MalformedRecordException;
import io.reactivep2p.record.PeerRecord;

/** Opens signed peer records, and remembers those whose signature was found good. Thread-safe. */
final class VerifiedRecords {

    /** Records remembered; beyond that the one unused longest is forgotten. */
    static final int MAX_RECORDS = 1_024;

    /** The longest record worth remembering, so that the memory taken is bounded too. */
    static final int MAX_REMEMBERED_BYTES = 4 * 1024;

    private final VerifiedCache<ByteString, PeerRecord> verified = new VerifiedCache<>(MAX_RECORDS);

    /** @throws MalformedRecordException naming the check that failed */
    PeerRecord open(ByteString envelope) {
        PeerRecord known = verified.find(envelope);
        if (known != null) {
            return known;
        }
        PeerRecord record = PeerRecord.open(envelope.toByteArray());
        if (envelope.size() <= MAX_REMEMBERED_BYTES) {
            verified.remember(envelope, record);
        }
        return record;
    }

    int size() {
        return verified.size();
    }
}
