package io.reactivep2p.pubsub.validation;

import static io.reactivep2p.pubsub.validation.SigningTest.signer;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.KeyType;
import io.reactivep2p.multiformats.Multihash;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.SignaturePolicy;
import io.reactivep2p.pubsub.pb.RpcProto;
import io.reactivep2p.pubsub.wire.MessageBytes;
import io.reactivep2p.pubsub.wire.Rpc;
import io.reactivep2p.pubsub.wire.RpcCodec;
import io.reactivep2p.pubsub.wire.RpcLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureCheckTest {

    private static final KeyPair ED25519 = KeyPair.ofSeed(new byte[32]);
    private static final KeyPair ECDSA = KeyPair.generate(KeyType.ECDSA);
    private static final byte[] DATA = "hello".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NO_PEER = {1, 2, 3};

    private final SignatureCheck signed = SignatureCheck.create(SignaturePolicy.STRICT_SIGN);
    private final SignatureCheck unsigned = SignatureCheck.create(SignaturePolicy.STRICT_NO_SIGN);
    private final SignatureCheck authorless = SignatureCheck.create(SignaturePolicy.AUTHORLESS);

    private final RawMessage good = signer(ED25519, SignaturePolicy.STRICT_SIGN).sign("topic", DATA);
    private final RawMessage keyed = signer(ECDSA, SignaturePolicy.STRICT_SIGN).sign("topic", DATA);

    private static RawMessage from(RawMessage message, byte[] from) {
        return new RawMessage(
                from, message.data(), message.seqno(), message.topic(), message.signature(), message.key());
    }

    private static RawMessage data(RawMessage message, byte[] data) {
        return new RawMessage(
                message.from(), data, message.seqno(), message.topic(), message.signature(), message.key());
    }

    private static RawMessage seqno(RawMessage message, byte[] seqno) {
        return new RawMessage(
                message.from(), message.data(), seqno, message.topic(), message.signature(), message.key());
    }

    private static RawMessage topic(RawMessage message, String topic) {
        return new RawMessage(
                message.from(), message.data(), message.seqno(), topic, message.signature(), message.key());
    }

    private static RawMessage signature(RawMessage message, byte[] signature) {
        return new RawMessage(
                message.from(), message.data(), message.seqno(), message.topic(), signature, message.key());
    }

    private static RawMessage key(RawMessage message, byte[] key) {
        return new RawMessage(
                message.from(), message.data(), message.seqno(), message.topic(), message.signature(), key);
    }

    private static void faulty(Optional<MessageFault> actual, MessageFault expected) {
        assertThat(actual).contains(expected);
    }

    @Test
    void aSignedMessageHasAllItsFields() {
        faulty(signed.check(signature(good, null)), MessageFault.MISSING_SIGNATURE);
        faulty(signed.check(from(good, null)), MessageFault.MISSING_AUTHOR);
        faulty(signed.check(seqno(good, null)), MessageFault.MISSING_SEQNO);
        faulty(signed.check(from(good, NO_PEER)), MessageFault.MALFORMED_AUTHOR);
        faulty(signed.check(from(good, new byte[0])), MessageFault.MALFORMED_AUTHOR);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 9, 20})
    void aSignedSequenceNumberHasEightBytes(int length) {
        faulty(signed.check(seqno(good, new byte[length])), MessageFault.MALFORMED_SEQNO);
    }

    @Test
    void aSequenceNumberThatNothingProvesHasAnyReasonableLength() {
        RawMessage message = signer(ED25519, SignaturePolicy.STRICT_NO_SIGN).sign("t", DATA);
        for (int length : new int[] {1, 7, 8, 20, SignatureCheck.MAX_UNSIGNED_SEQNO_BYTES}) {
            assertThat(unsigned.check(seqno(message, new byte[length]))).isEmpty();
        }
        faulty(unsigned.check(seqno(message, new byte[0])), MessageFault.MALFORMED_SEQNO);
        faulty(
                unsigned.check(seqno(message, new byte[SignatureCheck.MAX_UNSIGNED_SEQNO_BYTES + 1])),
                MessageFault.MALFORMED_SEQNO);
    }

    @Test
    void whateverIsChangedTheSignatureIsWrong() {
        assertThat(signed.check(good)).isEmpty();
        byte[] other = PeerId.of(KeyPair.generate().publicKey()).toBytes();
        byte[] flipped = good.signature().clone();
        flipped[20] ^= 1;
        faulty(signed.check(from(good, other)), MessageFault.WRONG_SIGNATURE);
        faulty(signed.check(data(good, new byte[5])), MessageFault.WRONG_SIGNATURE);
        faulty(signed.check(data(good, RawMessage.NO_DATA)), MessageFault.WRONG_SIGNATURE);
        faulty(signed.check(seqno(good, new byte[8])), MessageFault.WRONG_SIGNATURE);
        faulty(signed.check(topic(good, "another")), MessageFault.WRONG_SIGNATURE);
        faulty(signed.check(signature(good, flipped)), MessageFault.WRONG_SIGNATURE);
        faulty(signed.check(signature(good, new byte[0])), MessageFault.WRONG_SIGNATURE);
        faulty(signed.check(signature(keyed, good.signature())), MessageFault.WRONG_SIGNATURE);
    }

    @Test
    void theKeyIsTheAuthors() {
        byte[] other = KeyPair.generate(KeyType.ECDSA).publicKey().encode();
        faulty(signed.check(key(keyed, null)), MessageFault.MISSING_KEY);
        faulty(signed.check(key(keyed, other)), MessageFault.WRONG_KEY);
        faulty(signed.check(key(keyed, NO_PEER)), MessageFault.MALFORMED_KEY);
        faulty(signed.check(key(keyed, new byte[0])), MessageFault.MALFORMED_KEY);
        faulty(signed.check(key(good, other)), MessageFault.WRONG_KEY);
        faulty(signed.check(key(good, NO_PEER)), MessageFault.MALFORMED_KEY);
    }

    @Test
    void aKeyThatTheIdContainsMayBeSaidAgain() {
        assertThat(signed.check(key(good, ED25519.publicKey().encode()))).isEmpty();
    }

    @Test
    void aKnownAuthorsKeyIsStillAskedForAndStillChecked() {
        assertThat(signed.check(keyed)).isEmpty();
        faulty(signed.check(key(keyed, ED25519.publicKey().encode())), MessageFault.WRONG_KEY);
        faulty(signed.check(key(keyed, null)), MessageFault.MISSING_KEY);
        assertThat(signed.check(keyed)).isEmpty();
    }

    @Test
    void anInlinedKeyThatIsNoneIsNobodys() {
        byte[] nobody = Multihash.identity(new byte[] {8, 1, 18, 0}).toBytes();
        faulty(signed.check(from(good, nobody)), MessageFault.MALFORMED_KEY);
    }

    @Test
    void anUnsignedMessageHasNeitherSignatureNorKey() {
        RawMessage message = signer(ED25519, SignaturePolicy.STRICT_NO_SIGN).sign("topic", DATA);
        assertThat(unsigned.check(message)).isEmpty();
        assertThat(unsigned.check(from(seqno(message, null), null)))
                .as("as go has it")
                .isEmpty();
        faulty(unsigned.check(good), MessageFault.UNEXPECTED_SIGNATURE);
        faulty(unsigned.check(key(message, new byte[0])), MessageFault.UNEXPECTED_KEY);
        faulty(unsigned.check(from(message, NO_PEER)), MessageFault.MALFORMED_AUTHOR);
    }

    @Test
    void anAuthorlessMessageHasNothingButTopicAndData() {
        RawMessage message = signer(ED25519, SignaturePolicy.AUTHORLESS).sign("topic", DATA);
        assertThat(authorless.check(message)).isEmpty();
        faulty(authorless.check(signature(message, new byte[0])), MessageFault.UNEXPECTED_SIGNATURE);
        faulty(authorless.check(key(message, new byte[0])), MessageFault.UNEXPECTED_KEY);
        faulty(authorless.check(from(message, new byte[0])), MessageFault.UNEXPECTED_AUTHOR);
        faulty(authorless.check(seqno(message, new byte[8])), MessageFault.UNEXPECTED_SEQNO);
    }

    @Test
    void onlyWhatNeededAKeyToBeSeenIsNotMalformed() {
        for (MessageFault fault : MessageFault.values()) {
            assertThat(fault.malformed())
                    .isEqualTo(fault != MessageFault.WRONG_KEY && fault != MessageFault.WRONG_SIGNATURE);
        }
    }

    @Test
    void aSignatureOverFieldsThatAreNotKnownIsWrongAsInGo() {
        RpcProto.Message more = RpcProto.Message.newBuilder()
                .setFrom(ByteString.copyFrom(good.from()))
                .setData(ByteString.copyFrom(DATA))
                .setSeqno(ByteString.copyFrom(good.seqno()))
                .setTopic("topic")
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                9,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build();
        byte[] toSign = ("libp2p-pubsub:").getBytes(StandardCharsets.US_ASCII);
        ByteBuf all = Unpooled.wrappedBuffer(toSign, more.toByteArray());
        byte[] signature = ED25519.sign(io.netty.buffer.ByteBufUtil.getBytes(all));
        RawMessage read = read(
                more.toBuilder().setSignature(ByteString.copyFrom(signature)).build());
        faulty(signed.check(read), MessageFault.WRONG_SIGNATURE);

        // While fields in another order do not matter, since the order of signing is fixed.
        assertThat(MessageBytes.toSign(read)).isEqualTo(MessageBytes.toSign(good));
        RawMessage rightly = read(more.toBuilder()
                .setSignature(ByteString.copyFrom(good.signature()))
                .build());
        assertThat(signed.check(rightly)).isEmpty();
    }

    private static RawMessage read(RpcProto.Message message) {
        byte[] body = RpcProto.Rpc.newBuilder().addPublish(message).build().toByteArray();
        ByteBuf framed = Unpooled.buffer();
        io.reactivep2p.multiformats.Varint.write(body.length, framed);
        List<Rpc> out = new ArrayList<>();
        RpcCodec.create(RpcLimits.defaults()).decoder().decode(framed.writeBytes(body), out);
        return out.get(0).messages().get(0);
    }

    @Test
    void noMoreThanABoundOfAuthorsIsRemembered() {
        AuthorKeys keys = new AuthorKeys();
        PeerId first = PeerId.of(ECDSA.publicKey());
        keys.remember(first, ECDSA.publicKey());
        for (int i = 0; i < AuthorKeys.MAX_AUTHORS - 1; i++) {
            keys.remember(author(i), ED25519.publicKey());
        }
        assertThat(keys.find(first)).as("in the old generation").isEqualTo(ECDSA.publicKey());
        for (int i = 0; i < 3 * AuthorKeys.MAX_AUTHORS; i++) {
            keys.remember(author(10_000 + i), ED25519.publicKey());
            assertThat(keys.size()).isLessThanOrEqualTo(2 * AuthorKeys.MAX_AUTHORS);
        }
        assertThat(keys.find(first)).isNull();
    }

    private static PeerId author(int number) {
        return PeerId.of(Multihash.sha256(Integer.toString(number).getBytes(StandardCharsets.US_ASCII))
                .toBytes());
    }
}
