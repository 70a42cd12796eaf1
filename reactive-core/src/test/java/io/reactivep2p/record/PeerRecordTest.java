package io.reactivep2p.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.PrivateKey;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.record.pb.RecordProto;
import io.reactivep2p.testing.Rounds;
import io.reactivep2p.testing.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PeerRecordTest {

    private static final KeyPair ALICE = KeyPair.ofSeed(new byte[32]);
    private static final PeerId ALICE_ID = PeerId.of(ALICE.publicKey());
    private static final KeyPair MALLORY = KeyPair.generate();
    private static final Multiaddr ADDRESS = Multiaddr.of("/ip4/192.0.2.42/tcp/443");

    private static RecordProto.PeerRecord.Builder message(PeerId peer) {
        return RecordProto.PeerRecord.newBuilder().setPeerId(ByteString.copyFrom(peer.toBytes()));
    }

    private static void add(RecordProto.PeerRecord.Builder record, byte[] address) {
        record.addAddressesBuilder().setMultiaddr(ByteString.copyFrom(address));
    }

    private static byte[] seal(KeyPair signer, RecordProto.PeerRecord record) {
        return SignedEnvelope.seal(signer, PeerRecord.DOMAIN, PeerRecord.payloadType(), record.toByteArray())
                .toBytes();
    }

    private static void assertRefused(byte[] envelope, String reason) {
        assertThatExceptionOfType(MalformedRecordException.class)
                .isThrownBy(() -> PeerRecord.open(envelope))
                .withMessageContaining(reason);
    }

    @Test
    void aPublishedRecordIsOpened() {
        var vector = Vectors.load("signed-envelope.json").stream()
                .filter(v -> v.has("signer_private_key_pb"))
                .findFirst()
                .orElseThrow();
        KeyPair signer = KeyPair.of(PrivateKey.decode(Vectors.bytes(vector, "signer_private_key_pb")));
        byte[] envelope = Vectors.bytes(vector, "envelope_hex");
        PeerRecord record = PeerRecord.open(envelope);
        List<String> addresses = new ArrayList<>();
        vector.get("addresses").forEach(address -> addresses.add(address.asText()));
        assertThat(record.addresses()).extracting(Multiaddr::toString).isEqualTo(addresses);
        assertThat(record.peer()).isEqualTo(PeerId.of(signer.publicKey()));
        assertThat(record.seal(signer).toBytes()).isEqualTo(envelope);
    }

    @Test
    void aPublishedBareRecordIsRead() {
        var vector = Vectors.load("signed-envelope.json").stream()
                .filter(v -> v.has("peer_record_hex"))
                .findFirst()
                .orElseThrow();
        PeerRecord record = PeerRecord.ofPayload(Vectors.bytes(vector, "peer_record_hex"));
        assertThat(record.peer()).hasToString(vector.get("peer_id").asText());
        assertThat(Long.toUnsignedString(record.sequence()))
                .isEqualTo(vector.get("seq").asText());
        assertThat(record.addresses())
                .containsExactly(Multiaddr.of("/ip4/1.2.3.4/tcp/0"), Multiaddr.of("/ip4/1.2.3.4/tcp/1"));
    }

    @Test
    void computedRecordsAreSealedAndOpenedAlike() {
        Vectors.load("signed-envelope-computed.json").stream()
                .filter(vector -> vector.get("kind_of_payload").asText().equals("PeerRecord"))
                .forEach(vector -> {
                    KeyPair signer = KeyPair.ofSeed(Vectors.bytes(vector, "signer_identity_seed"));
                    List<Multiaddr> addresses = new ArrayList<>();
                    vector.get("addresses_hex")
                            .forEach(hex ->
                                    addresses.add(Multiaddr.of(HexFormat.of().parseHex(hex.asText()))));
                    PeerRecord record = new PeerRecord(
                            PeerId.of(signer.publicKey()),
                            Long.parseUnsignedLong(vector.get("seq").asText()),
                            addresses);
                    byte[] envelope = Vectors.bytes(vector, "envelope_hex");
                    assertThat(record.seal(signer).toBytes()).isEqualTo(envelope);
                    assertThat(PeerRecord.open(envelope)).isEqualTo(record);
                });
    }

    @Test
    @DisplayName("RUSTSEC-2022-0009 (CVE-2022-0009): a record about another peer than its signer is refused")
    void rustsec20220009() {
        byte[] spoofed = seal(MALLORY, message(ALICE_ID).setSeq(1).build());
        assertThat(SignedEnvelope.open(spoofed, PeerRecord.DOMAIN).signer()).isEqualTo(MALLORY.publicKey());
        assertRefused(spoofed, "about " + ALICE_ID);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new PeerRecord(ALICE_ID, 1, List.of()).seal(MALLORY))
                .withMessageContaining("cannot be signed by");
    }

    @Test
    @DisplayName("CVE-2023-40583: a record with more addresses than the cap is refused")
    void cve202340583() {
        RecordProto.PeerRecord.Builder record = message(ALICE_ID);
        for (int i = 0; i < PeerRecord.MAX_ADDRESSES; i++) {
            add(record, ADDRESS.toBytes());
        }
        assertThat(PeerRecord.open(seal(ALICE, record.build())).addresses()).hasSize(PeerRecord.MAX_ADDRESSES);
        record.addAddressesBuilder(); // one that does not even hold an address
        assertRefused(seal(ALICE, record.build()), "more than 500 addresses");
        for (int i = 0; i < 20_000; i++) {
            record.addAddressesBuilder();
        }
        assertRefused(seal(ALICE, record.build()), "more than 500 addresses");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(
                        () -> new PeerRecord(ALICE_ID, 1, Collections.nCopies(PeerRecord.MAX_ADDRESSES + 1, ADDRESS)));
    }

    @Test
    void malformedAddressesAreLeftOut() {
        RecordProto.PeerRecord.Builder record = message(ALICE_ID).setSeq(7);
        add(record, new byte[] {1, 2, 3});
        add(record, ADDRESS.toBytes());
        add(record, new byte[0]);
        add(record, new byte[] {4, 1});
        PeerRecord opened = PeerRecord.open(seal(ALICE, record.build()));
        assertThat(opened).isEqualTo(new PeerRecord(ALICE_ID, 7, List.of(ADDRESS)));
    }

    @Test
    void sequenceNumbersAreUnsigned() {
        PeerRecord small = new PeerRecord(ALICE_ID, 1, List.of());
        PeerRecord large = new PeerRecord(ALICE_ID, -1, List.of());
        assertThat(large.isNewerThan(small)).isTrue();
        assertThat(small.isNewerThan(large)).isFalse();
        assertThat(small.isNewerThan(small)).isFalse();
        assertThat(PeerRecord.open(large.seal(ALICE).toBytes())).isEqualTo(large);
        assertThat(large.toString()).contains("18446744073709551615");
        assertThat(PeerRecord.open(new PeerRecord(ALICE_ID, 0, List.of())
                                .seal(ALICE)
                                .toBytes())
                        .sequence())
                .isZero();
    }

    @Test
    void recordsUnderTheNamesOfTheRfcAreRead() {
        byte[] payload = message(ALICE_ID).setSeq(3).build().toByteArray();
        byte[] type = "/libp2p/routing-state-record".getBytes(StandardCharsets.US_ASCII);
        byte[] envelope = SignedEnvelope.seal(ALICE, "libp2p-routing-state", type, payload)
                .toBytes();
        assertThat(PeerRecord.open(envelope)).isEqualTo(new PeerRecord(ALICE_ID, 3, List.of()));
        assertRefused(
                SignedEnvelope.seal(ALICE, PeerRecord.DOMAIN, type, payload).toBytes(), "signature");
        assertRefused(
                SignedEnvelope.seal(ALICE, "libp2p-routing-state", PeerRecord.payloadType(), payload)
                        .toBytes(),
                "signature");
    }

    @Test
    void otherPayloadsAreNoPeerRecords() {
        byte[] payload = message(ALICE_ID).build().toByteArray();
        for (byte[] type : new byte[][] {{}, {3, 2}, {(byte) 0x81, 6}}) {
            assertRefused(
                    SignedEnvelope.seal(ALICE, PeerRecord.DOMAIN, type, payload).toBytes(), "payload type");
        }
        assertRefused(seal(ALICE, RecordProto.PeerRecord.getDefaultInstance()), "malformed peer record");
        assertRefused(
                SignedEnvelope.seal(ALICE, PeerRecord.DOMAIN, PeerRecord.payloadType(), new byte[] {1, 2, 3})
                        .toBytes(),
                "malformed peer record");
        assertRefused(
                SignedEnvelope.seal(ALICE, PeerRecord.DOMAIN, PeerRecord.payloadType(), new byte[] {0x1c, 0x18})
                        .toBytes(),
                "malformed peer record");
    }

    @Test
    void theSignatureIsLookedAtBeforeThePayload() throws Exception {
        RecordProto.Envelope envelope = RecordProto.Envelope.parseFrom(
                new PeerRecord(ALICE_ID, 1, List.of()).seal(ALICE).toBytes());
        byte[] garbled = envelope.toBuilder()
                .setPayload(ByteString.copyFrom(new byte[] {1, 2, 3}))
                .build()
                .toByteArray();
        assertRefused(garbled, "signature");
    }

    @Test
    void damagedRecordsAreRefused() {
        byte[] sealed =
                new PeerRecord(ALICE_ID, 99, List.of(ADDRESS)).seal(ALICE).toBytes();
        Rounds.of(500, random -> RecordFuzzTest.open(Rounds.damaged(random, sealed)));
        Rounds.of(
                500,
                random -> RecordFuzzTest.openPayload(Rounds.damaged(
                        random, message(ALICE_ID).setSeq(9).build().toByteArray())));
    }
}
