package io.reactivep2p.pubsub.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.KeyType;
import io.reactivep2p.multiformats.Varint;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageIdFunction;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.SignaturePolicy;
import io.reactivep2p.pubsub.wire.EncodedMessage;
import io.reactivep2p.pubsub.wire.MessageBytes;
import io.reactivep2p.pubsub.wire.Rpc;
import io.reactivep2p.pubsub.wire.RpcCodec;
import io.reactivep2p.pubsub.wire.RpcLimits;
import io.reactivep2p.testing.Vectors;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SigningTest {

    private static final byte[] DATA = "hello".getBytes(StandardCharsets.UTF_8);

    static MessageSigner signer(KeyPair keys, SignaturePolicy policy) {
        return MessageSigner.create(keys, policy, () -> 1_700_000_000_000_000_000L);
    }

    @TestFactory
    Stream<DynamicTest> everyVectorIsExact() {
        return Vectors.tests("pubsub-signing.json", SigningTest::check);
    }

    private static void check(JsonNode vector) {
        KeyPair keys = KeyPair.ofSeed(Vectors.bytes(vector, "author_identity_seed"));
        byte[] data = Vectors.bytes(vector, "data_hex");
        byte[] seqno = Vectors.bytes(vector, "seqno_hex");
        String topic = vector.get("topic").asText();
        RawMessage message = MessageSigner.create(keys, SignaturePolicy.STRICT_SIGN, () -> ByteBuffer.wrap(seqno)
                        .getLong())
                .sign(topic, data);

        assertThat(message.from()).isEqualTo(Vectors.bytes(vector, "from_hex"));
        assertThat(message.seqno()).isEqualTo(seqno);
        assertThat(MessageBytes.toSign(message)).isEqualTo(Vectors.bytes(vector, "signed_bytes_hex"));
        assertThat(message.signature()).isEqualTo(Vectors.bytes(vector, "signature_hex"));
        assertThat(message.key()).isNull();
        assertThat(body(message)).isEqualTo(Vectors.bytes(vector, "full_message_hex"));
        RawMessage unsigned = new RawMessage(message.from(), data, seqno, topic, null, null);
        assertThat(body(unsigned)).isEqualTo(Vectors.bytes(vector, "unsigned_message_hex"));
        assertThat(MessageIdFunction.AUTHOR_AND_SEQNO.idOf(message).toBytes())
                .isEqualTo(Vectors.bytes(vector, "message_id_go_hex"));
        assertThat(SignatureCheck.create(SignaturePolicy.STRICT_SIGN).check(sent(message)))
                .isEmpty();
    }

    /** The message without its frames. */
    private static byte[] body(RawMessage message) {
        ByteBuf frame = EncodedMessage.of(message).asBuffer();
        Varint.read(frame);
        frame.skipBytes(1);
        Varint.read(frame);
        return ByteBufUtil.getBytes(frame);
    }

    /** The message as a receiver has it. */
    static RawMessage sent(RawMessage message) {
        List<Rpc> out = new ArrayList<>();
        RpcCodec.create(RpcLimits.defaults())
                .decoder()
                .decode(EncodedMessage.of(message).asBuffer(), out);
        return out.get(0).messages().get(0);
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void whatIsSignedWithAnyKeyIsVerified(KeyType type) {
        KeyPair keys = KeyPair.generate(type);
        MessageSigner signer = signer(keys, SignaturePolicy.STRICT_SIGN);
        SignatureCheck check = SignatureCheck.create(SignaturePolicy.STRICT_SIGN);
        for (int i = 0; i < 3; i++) {
            RawMessage message = sent(signer.sign("topic", DATA));
            assertThat(check.check(message)).isEmpty();
            assertThat(message.author()).contains(PeerId.of(keys.publicKey()));
            boolean inlined = type == KeyType.ED25519 || type == KeyType.SECP256K1;
            assertThat(message.key())
                    .isEqualTo(inlined ? null : keys.publicKey().encode());
        }
    }

    @Test
    void sequenceNumbersAscendFromTheFirstAndWrapAround() {
        MessageSigner signer = MessageSigner.create(
                KeyPair.ofSeed(new byte[32]), SignaturePolicy.STRICT_NO_SIGN, () -> Long.MAX_VALUE);
        assertThat(signer.sign("t", DATA).sequence()).hasValue(Long.MAX_VALUE);
        assertThat(signer.sign("t", DATA).sequence()).hasValue(Long.MIN_VALUE);
        assertThat(signer.sign("t", DATA).seqno()).containsExactly(0x80, 0, 0, 0, 0, 0, 0, 1);
    }

    @Test
    void messagesSayWhatThePolicyHasThemSay() {
        KeyPair keys = KeyPair.ofSeed(new byte[32]);
        RawMessage unsigned = signer(keys, SignaturePolicy.STRICT_NO_SIGN).sign("t", DATA);
        assertThat(unsigned.from()).isEqualTo(PeerId.of(keys.publicKey()).toBytes());
        assertThat(unsigned.seqno()).hasSize(8);
        assertThat(unsigned.signature()).isNull();
        RawMessage authorless = signer(keys, SignaturePolicy.AUTHORLESS).sign("t", DATA);
        assertThat(authorless.from()).isNull();
        assertThat(authorless.seqno()).isNull();
        assertThat(authorless.data()).isSameAs(DATA);
    }

    @ParameterizedTest
    @EnumSource(SignaturePolicy.class)
    void whatANodeMakesItsOwnPolicyAccepts(SignaturePolicy policy) {
        RawMessage message = sent(signer(KeyPair.ofSeed(new byte[32]), policy).sign("", new byte[0]));
        assertThat(SignatureCheck.create(policy).check(message)).isEmpty();
    }

    @Test
    void aMessageSignedWithoutDataIsVerifiedWithoutData() {
        RawMessage message = sent(signer(KeyPair.ofSeed(new byte[32]), SignaturePolicy.STRICT_SIGN)
                .sign("t", RawMessage.NO_DATA));
        SignatureCheck check = SignatureCheck.create(SignaturePolicy.STRICT_SIGN);
        assertThat(check.check(message)).isEmpty();
        RawMessage empty = new RawMessage(
                message.from(), new byte[0], message.seqno(), message.topic(), message.signature(), null);
        assertThat(check.check(empty)).contains(MessageFault.WRONG_SIGNATURE);
    }
}
