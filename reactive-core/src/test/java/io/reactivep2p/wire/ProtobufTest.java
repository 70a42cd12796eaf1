package io.reactivep2p.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.reactivep2p.crypto.pb.CryptoProto;
import io.reactivep2p.record.pb.RecordProto;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufTest {

    private static final RecordProto.PeerRecord MESSAGE = RecordProto.PeerRecord.newBuilder()
            .setPeerId(ByteString.copyFromUtf8("peer"))
            .setSeq(-1)
            .addAddresses(RecordProto.PeerRecord.AddressInfo.newBuilder().setMultiaddr(ByteString.copyFromUtf8("addr")))
            .build();

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void messagesSurviveEverySplitPoint(boolean direct) {
        MessageCodec<RecordProto.PeerRecord> codec = Codecs.protobuf(RecordProto.PeerRecord.parser(), 64);
        List<RecordProto.PeerRecord> messages = List.of(MESSAGE, RecordProto.PeerRecord.getDefaultInstance(), MESSAGE);
        try (CodecHarness harness = new CodecHarness(direct)) {
            byte[] bytes = harness.encode(codec, messages);
            for (int cut = 0; cut <= bytes.length; cut++) {
                assertThat(harness.decode(codec, bytes, cut)).isEqualTo(messages);
            }
        }
    }

    @Test
    void buffersOfSeveralPiecesAreReadAndWritten() {
        byte[] bytes = MESSAGE.toByteArray();
        try (CodecHarness harness = new CodecHarness(false)) {
            CompositeByteBuf in = harness.allocator().compositeBuffer();
            in.addComponent(true, harness.buffer(java.util.Arrays.copyOf(bytes, 5)));
            in.addComponent(true, harness.buffer(java.util.Arrays.copyOfRange(bytes, 5, bytes.length)));
            assertThat(Protobuf.parse(RecordProto.PeerRecord.parser(), in)).isEqualTo(MESSAGE);
            assertThat(in.isReadable()).isFalse();
            in.release();

            CompositeByteBuf out = harness.allocator().compositeBuffer();
            out.addComponent(true, harness.buffer(hex("aa")));
            out.addComponent(true, harness.buffer(hex("bb")));
            Protobuf.write(MESSAGE, out);
            assertThat(ByteBufUtil.getBytes(out))
                    .startsWith(0xaa, 0xbb)
                    .endsWith(bytes)
                    .hasSize(2 + bytes.length);
            out.release();
        }
    }

    @Test
    void whatIsNoMessageIsRefused() {
        for (String bytes : List.of(
                "0a", // a field without a value
                "0a05616263", // a length beyond the end
                "08011a04", // half a sub-message
                "0c", // the end of a group that did not begin
                "0b", // a group without an end
                "00", // field number 0
                "0d0102", // a cut fixed-size field
                "ffffffffffffffffffff01")) { // a tag of eleven bytes
            assertThatExceptionOfType(MalformedMessageException.class)
                    .as(bytes)
                    .isThrownBy(() -> Protobuf.parse(RecordProto.PeerRecord.parser(), hex(bytes)))
                    .withMessageStartingWith("malformed protobuf");
        }
    }

    @Test
    void requiredFieldsAreRequired() {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> Protobuf.parse(CryptoProto.PublicKey.parser(), hex("0801")))
                .withMessageContaining("Data");
    }

    @Test
    @DisplayName("CVE-2024-7254: deeply nested unknown groups are refused, not followed")
    void cve20247254() {
        MessageCodec<RecordProto.PeerRecord> codec = Codecs.protobuf(RecordProto.PeerRecord.parser(), 1 << 20);
        try (CodecHarness harness = new CodecHarness(true);
                MessageCodec.Decoder<RecordProto.PeerRecord> decoder = codec.decoder()) {
            ByteBuf in = harness.buffer(hex("c0843d" + "7b".repeat(1_000_000)));
            List<RecordProto.PeerRecord> out = new ArrayList<>();
            assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> decoder.decode(in, out));
            in.release();
            assertThat(out).isEmpty();
        }
        int depth = Protobuf.MAX_DEPTH - 1;
        byte[] shallow = hex("7b".repeat(depth) + "7c".repeat(depth));
        assertThat(Protobuf.parse(RecordProto.PeerRecord.parser(), shallow).getSeq())
                .isZero();
    }
}
