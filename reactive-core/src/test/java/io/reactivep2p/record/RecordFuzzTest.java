package io.reactivep2p.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.peer.PeerId;

/** Whatever comes, an envelope or record is read or refused with {@link MalformedRecordException}. */
class RecordFuzzTest {

    private static final KeyPair SIGNER = KeyPair.ofSeed(new byte[32]);

    @FuzzTest
    void envelopes(FuzzedDataProvider data) {
        open(data.consumeRemainingAsBytes());
    }

    @FuzzTest
    void signedPayloads(FuzzedDataProvider data) {
        openPayload(data.consumeRemainingAsBytes());
    }

    static void open(byte[] bytes) {
        try {
            PeerRecord record = PeerRecord.open(bytes);
            assertThat(SignedEnvelope.read(bytes).toBytes()).isEqualTo(bytes);
            assertThat(record.addresses()).hasSizeLessThanOrEqualTo(PeerRecord.MAX_ADDRESSES);
        } catch (MalformedRecordException expected) {
            assertThat(expected).hasMessageMatching("(?s).+");
        }
    }

    /** What the fuzzer makes is signed, so that it gets past the signature. */
    static void openPayload(byte[] payload) {
        if (payload.length > SignedEnvelope.MAX_BYTES / 2) {
            return;
        }
        byte[] envelope = SignedEnvelope.seal(SIGNER, PeerRecord.DOMAIN, PeerRecord.payloadType(), payload)
                .toBytes();
        try {
            PeerRecord record = PeerRecord.open(envelope);
            assertThat(record.peer()).isEqualTo(PeerId.of(SIGNER.publicKey()));
            assertThat(PeerRecord.open(record.seal(SIGNER).toBytes())).isEqualTo(record);
        } catch (MalformedRecordException expected) {
            assertThat(expected).hasMessageMatching("(?s).+");
        }
    }
}
