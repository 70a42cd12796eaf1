package io.reactivep2p.protocol.identify;

import com.google.protobuf.ByteString;
import io.reactivep2p.record.MalformedRecordException;
import io.reactivep2p.record.PeerRecord;
import java.util.LinkedHashMap;
import java.util.Map;

/** Opens signed peer records, and remembers those whose signature was found good. Thread-safe. */
final class VerifiedRecords {

    /** Records remembered; beyond that the one unused longest is forgotten. */
    static final int MAX_RECORDS = 1_024;

    /** The longest record worth remembering, so that the memory taken is bounded too. */
    static final int MAX_REMEMBERED_BYTES = 4 * 1024;

    private final Map<ByteString, PeerRecord> verified = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteString, PeerRecord> eldest) {
            return size() > MAX_RECORDS;
        }
    };

    /** @throws MalformedRecordException naming the check that failed */
    PeerRecord open(ByteString envelope) {
        synchronized (verified) {
            PeerRecord known = verified.get(envelope);
            if (known != null) {
                return known;
            }
        }
        PeerRecord record = PeerRecord.open(envelope.toByteArray());
        if (envelope.size() <= MAX_REMEMBERED_BYTES) {
            synchronized (verified) {
                verified.put(envelope, record);
            }
        }
        return record;
    }

    int size() {
        synchronized (verified) {
            return verified.size();
        }
    }
}
