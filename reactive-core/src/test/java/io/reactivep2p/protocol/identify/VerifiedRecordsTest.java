package io.reactivep2p.protocol.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.record.MalformedRecordException;
import io.reactivep2p.record.PeerRecord;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class VerifiedRecordsTest {

    private static final KeyPair KEY = KeyPair.ofSeed(new byte[32]);

    private final VerifiedRecords records = new VerifiedRecords();

    @Test
    void aRecordIsVerifiedOnce() {
        ByteString record = record(1, 2);

        assertThat(records.open(record)).isSameAs(records.open(ByteString.copyFrom(record.toByteArray())));
        assertThat(records.size()).isEqualTo(1);
    }

    @Test
    void aBadRecordIsNotRemembered() {
        byte[] damaged = record(1, 2).toByteArray();
        damaged[damaged.length - 1] ^= 1;

        assertThatThrownBy(() -> records.open(ByteString.copyFrom(damaged)))
                .isInstanceOf(MalformedRecordException.class);
        assertThat(records.size()).isZero();
    }

    @Test
    void aLongRecordIsReadButNotRemembered() {
        ByteString record = record(1, 400);
        assertThat(record.size()).isGreaterThan(VerifiedRecords.MAX_REMEMBERED_BYTES);

        assertThat(records.open(record).addresses()).hasSize(400);
        assertThat(records.size()).isZero();
    }

    @Test
    void theRecordUnusedLongestIsForgotten() {
        PeerRecord first = records.open(record(0, 1));
        PeerRecord second = records.open(record(1, 1));
        for (int i = 2; i < VerifiedRecords.MAX_RECORDS + 10; i++) {
            records.open(record(i, 1));
            assertThat(records.open(record(0, 1))).isSameAs(first);
        }

        assertThat(records.size()).isEqualTo(VerifiedRecords.MAX_RECORDS);
        assertThat(records.open(record(1, 1))).isNotSameAs(second).isEqualTo(second);
    }

    /** Ed25519 signs the same thing the same way each time. */
    private static ByteString record(long sequence, int addresses) {
        return ByteString.copyFrom(new PeerRecord(
                        PeerId.of(KEY.publicKey()),
                        sequence,
                        Collections.nCopies(addresses, Multiaddr.of("/ip4/203.0.113.1/tcp/1")))
                .seal(KEY)
                .toBytes());
    }
}
