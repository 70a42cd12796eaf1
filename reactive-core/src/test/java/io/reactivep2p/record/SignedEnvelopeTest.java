package io.reactivep2p.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.KeyType;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.record.pb.RecordProto;
import io.reactivep2p.testing.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignedEnvelopeTest {

    private static final String DOMAIN = "libp2p-testing";
    private static final byte[] TYPE = {1, 2};
    private static final byte[] PAYLOAD = "payload".getBytes(StandardCharsets.UTF_8);

    private static void assertRefused(byte[] envelope, String reason) {
        assertThatExceptionOfType(MalformedRecordException.class)
                .isThrownBy(() -> SignedEnvelope.open(envelope, DOMAIN))
                .withMessageContaining(reason);
    }

    @TestFactory
    Stream<DynamicTest> publishedEnvelopesAreOpenedOrRefused() {
        return Vectors.tests("signed-envelope.json", vector -> {
            if (!vector.has("envelope_hex")) {
                return; // a bare record, see PeerRecordTest
            }
            byte[] bytes = Vectors.bytes(vector, "envelope_hex");
            String domain = vector.get("domain").asText();
            if (!vector.get("valid").asBoolean()) {
                assertThatExceptionOfType(MalformedRecordException.class)
                        .isThrownBy(() -> SignedEnvelope.open(bytes, domain))
                        .withMessageContaining("signature");
                return;
            }
            SignedEnvelope envelope = SignedEnvelope.open(bytes, domain);
            assertThat(envelope.toBytes()).isEqualTo(bytes);
            assertThat(envelope.payloadType()).isEqualTo(type(vector));
            if (vector.has("payload_utf8")) {
                assertThat(envelope.payload())
                        .asString()
                        .isEqualTo(vector.get("payload_utf8").asText());
            }
        });
    }

    private static byte[] type(JsonNode vector) {
        return vector.has("payload_type_hex")
                ? Vectors.bytes(vector, "payload_type_hex")
                : vector.get("payload_type_utf8").asText().getBytes(StandardCharsets.UTF_8);
    }

    @TestFactory
    Stream<DynamicTest> computedEnvelopesAreSealedAndOpenedAlike() {
        return Vectors.tests("signed-envelope-computed.json", vector -> {
            KeyPair signer = KeyPair.ofSeed(Vectors.bytes(vector, "signer_identity_seed"));
            byte[] bytes = Vectors.bytes(vector, "envelope_hex");
            byte[] payload = Vectors.bytes(vector, "payload_hex");
            String domain = vector.get("domain").asText();

            SignedEnvelope sealed = SignedEnvelope.seal(signer, domain, type(vector), payload);
            assertThat(sealed.toBytes()).isEqualTo(bytes);
            SignedEnvelope opened = SignedEnvelope.open(bytes, domain, type(vector));
            assertThat(opened).isEqualTo(sealed).hasSameHashCodeAs(sealed);
            assertThat(opened.signer()).isEqualTo(signer.publicKey());
            assertThat(opened.payload()).isEqualTo(payload);
        });
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeOfKeySeals(KeyType type) {
        KeyPair signer = KeyPair.generate(type);
        SignedEnvelope sealed = SignedEnvelope.seal(signer, DOMAIN, TYPE, PAYLOAD);
        SignedEnvelope opened = SignedEnvelope.open(sealed.toBytes(), DOMAIN);
        assertThat(opened.signer()).isEqualTo(signer.publicKey());
        assertThat(opened.payload()).isEqualTo(PAYLOAD);
        assertThat(opened.payloadType()).isEqualTo(TYPE);
    }

    @Test
    void anEnvelopeIsGoodForItsDomainAndTypeOnly() {
        byte[] bytes = SignedEnvelope.seal(KeyPair.generate(), "another", TYPE, PAYLOAD)
                .toBytes();
        assertRefused(bytes, "libp2p-testing");
        assertThat(SignedEnvelope.open(bytes, "another", TYPE).payload()).isEqualTo(PAYLOAD);
        assertThatExceptionOfType(MalformedRecordException.class)
                .isThrownBy(() -> SignedEnvelope.open(bytes, "another", new byte[] {9}))
                .withMessageContaining("payload type 0102; expected 09");
    }

    @Test
    void whatTheLengthsSeparateCannotBeShifted() throws Exception {
        KeyPair signer = KeyPair.generate();
        RecordProto.Envelope envelope =
                RecordProto.Envelope.parseFrom(SignedEnvelope.seal(signer, DOMAIN, new byte[] {1}, new byte[] {2, 3})
                        .toBytes());
        byte[] shifted = envelope.toBuilder()
                .setPayloadType(ByteString.copyFrom(new byte[] {1, 2}))
                .setPayload(ByteString.copyFrom(new byte[] {3}))
                .build()
                .toByteArray();
        assertRefused(shifted, "signature");
    }

    @Test
    void anEnvelopeIsKeptAsItWasReceived() throws Exception {
        byte[] sealed =
                SignedEnvelope.seal(KeyPair.generate(), DOMAIN, TYPE, PAYLOAD).toBytes();
        byte[] withUnknownField = java.util.Arrays.copyOf(sealed, sealed.length + 2);
        withUnknownField[sealed.length] = 0x38;
        withUnknownField[sealed.length + 1] = 7;
        SignedEnvelope opened = SignedEnvelope.open(withUnknownField, DOMAIN);
        withUnknownField[0] = 0;
        opened.toBytes()[1] = 0;
        assertThat(HexFormat.of().formatHex(opened.toBytes()))
                .isEqualTo(HexFormat.of().formatHex(sealed) + "3807");
    }

    @Test
    void malformedEnvelopesAreRefusedWithAReason() throws Exception {
        KeyPair signer = KeyPair.generate();
        byte[] sealed = SignedEnvelope.seal(signer, DOMAIN, TYPE, PAYLOAD).toBytes();
        RecordProto.Envelope envelope = RecordProto.Envelope.parseFrom(sealed);
        assertRefused(new byte[0], "lacks the field Type");
        assertRefused(new byte[] {1, 2, 3}, "protobuf");
        assertRefused(new byte[SignedEnvelope.MAX_BYTES + 1], "65537 bytes");
        assertRefused(envelope.toBuilder().clearSignature().build().toByteArray(), "signature");
        assertRefused(envelope.toBuilder().clearPublicKey().build().toByteArray(), "public key");
        PublicKey other = KeyPair.generate().publicKey();
        assertRefused(
                envelope.toBuilder()
                        .setPublicKey(ByteString.copyFrom(other.encode()))
                        .build()
                        .toByteArray(),
                "signature");
        for (int length = 1; length < sealed.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(sealed, length);
            assertThatExceptionOfType(MalformedRecordException.class)
                    .isThrownBy(() -> SignedEnvelope.open(cut, DOMAIN));
        }
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> SignedEnvelope.seal(signer, DOMAIN, TYPE, new byte[SignedEnvelope.MAX_BYTES]));
    }
}
