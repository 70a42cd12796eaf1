package io.reactivep2p.pubsub.wire;

import static io.reactivep2p.pubsub.wire.Rpcs.LIMITS;
import static io.reactivep2p.pubsub.wire.Rpcs.bytes;
import static io.reactivep2p.pubsub.wire.Rpcs.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.pb.RpcProto;
import io.reactivep2p.testing.Rounds;
import io.reactivep2p.wire.MalformedMessageException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RpcCodecTest {

    private static void same(Rpc actual, Rpc expected) {
        assertThat(Generated.of(actual)).isEqualTo(Generated.of(expected));
    }

    @Test
    void subscriptionsLookOnTheWireAsOthersWriteThem() {
        Rpc rpc = Rpc.ofSubscriptions(List.of(Subscription.join("ab"), Subscription.leave("c")));
        assertThat(HexFormat.of().formatHex(Rpcs.encode(rpc, LIMITS)))
                .isEqualTo("0f" + "0a06" + "0801" + "1202" + "6162" + "0a05" + "0800" + "1201" + "63");
    }

    @Test
    void controlLooksOnTheWireAsOthersWriteIt() {
        assertThat(HexFormat.of().formatHex(Rpcs.encode(Rpc.ofControl(Control.graft("ab")), LIMITS)))
                .isEqualTo("08" + "1a06" + "1a04" + "0a02" + "6162");
        assertThat(HexFormat.of()
                        .formatHex(Rpcs.encode(
                                Rpc.ofControl(Control.extensions(new Control.Extensions(true, true))), LIMITS)))
                .isEqualTo("0b" + "1a09" + "3207" + "5001" + "9091e218" + "01");
    }

    @Test
    void everythingReadsAsItWasWritten() {
        same(Rpcs.decode(LIMITS, Rpcs.encode(Rpcs.full(), LIMITS)).get(0), Rpcs.full());
    }

    @Test
    void randomRpcsReadAsTheyWereWrittenAndAsProtobufHasThem() {
        Rounds.of(500, random -> {
            Rpc rpc = Rpcs.random(random);
            byte[] encoded = Rpcs.encode(rpc, LIMITS);
            same(Rpcs.decode(LIMITS, encoded).get(0), rpc);
            byte[] generated = Generated.of(rpc).toByteArray();
            ByteBuf body = Unpooled.wrappedBuffer(encoded);
            assertThat(io.reactivep2p.multiformats.Varint.read(body)).isEqualTo(generated.length);
            assertThat(ByteBufUtil.getBytes(body)).isEqualTo(generated);
        });
    }

    @Test
    void rpcsCutAnywhereReadTheSame() {
        byte[] one = Rpcs.encode(Rpcs.full(), LIMITS);
        byte[] bytes = HexFormat.of().parseHex(HexFormat.of().formatHex(one).repeat(2));
        for (int cut = 0; cut <= bytes.length; cut++) {
            List<Rpc> read = Rpcs.decode(LIMITS, bytes, cut);
            assertThat(read).hasSize(2);
            same(read.get(0), Rpcs.full());
            same(read.get(1), Rpcs.full());
        }
        int[] everywhere = new int[bytes.length];
        for (int i = 0; i < everywhere.length; i++) {
            everywhere[i] = i;
        }
        same(Rpcs.decode(LIMITS, bytes, everywhere).get(1), Rpcs.full());
    }

    @Test
    void anRpcThatEndsEarlyIsRefused() {
        byte[] body = RpcProto.Rpc.newBuilder(Generated.of(Rpcs.full())).build().toByteArray();
        int complete = 0;
        for (int length = 0; length < body.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(body, length);
            try {
                Rpcs.read(cut);
                complete++;
            } catch (MalformedMessageException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        }
        // Only between two fields of the RPC itself is a shorter RPC one as well.
        assertThat(complete).isEqualTo(1 + 3 + 3 + 1 + 1);
    }

    @Test
    void unknownFieldsOfEveryTypeAreSkippedEverywhere() {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(77, UnknownFieldSet.Field.newBuilder().addVarint(-1L).build())
                .addField(78, UnknownFieldSet.Field.newBuilder().addFixed32(1).build())
                .addField(79, UnknownFieldSet.Field.newBuilder().addFixed64(1).build())
                .addField(
                        80,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("?"))
                                .build())
                .addField(
                        81,
                        UnknownFieldSet.Field.newBuilder()
                                .addGroup(UnknownFieldSet.newBuilder()
                                        .addField(
                                                1,
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addVarint(1)
                                                        .build())
                                        .build())
                                .build())
                .build();
        RpcProto.Rpc.Builder rpc = Generated.of(Rpcs.full()).toBuilder().setUnknownFields(unknown);
        rpc.getSubscriptionsBuilderList().forEach(part -> part.setUnknownFields(unknown));
        rpc.getPublishBuilderList().forEach(part -> part.setUnknownFields(unknown));
        rpc.getPartialBuilder().setUnknownFields(unknown);
        rpc.getTestExtensionBuilder().setUnknownFields(unknown);
        RpcProto.ControlMessage.Builder control = rpc.getControlBuilder().setUnknownFields(unknown);
        control.getIhaveBuilderList().forEach(part -> part.setUnknownFields(unknown));
        control.getIwantBuilderList().forEach(part -> part.setUnknownFields(unknown));
        control.getGraftBuilderList().forEach(part -> part.setUnknownFields(unknown));
        control.getPruneBuilderList().forEach(part -> {
            part.setUnknownFields(unknown);
            part.getPeersBuilderList().forEach(peer -> peer.setUnknownFields(unknown));
        });
        control.getExtensionsBuilder().setUnknownFields(unknown);
        same(Rpcs.read(rpc.build().toByteArray()), Rpcs.full());
    }

    @Test
    void fieldsOfAnotherTypeThanExpectedAreSkippedLikeUnknownOnes() {
        // 1 and 3 as varints, 2 as a fixed 64, the test extension as a varint
        Rpc rpc = Rpcs.read(HexFormat.of().parseHex("0805" + "11" + "0102030405060708" + "1807" + "9091e21801"));
        same(rpc, new Rpc(List.of(), List.of(), null, null, false));
    }

    @Test
    void whatComesTwiceIsMergedOrTheLastCounts() {
        RpcProto.Rpc first = Generated.of(Rpc.ofControl(Control.graft("a")));
        RpcProto.Rpc second = Generated.of(Rpc.ofControl(Control.graft("b")));
        assertThat(Rpcs.read(concat(first.toByteArray(), second.toByteArray()))
                        .control()
                        .graft())
                .containsExactly("a", "b");

        RpcProto.Message message = RpcProto.Message.newBuilder().setTopic("a").build();
        RpcProto.Message again = RpcProto.Message.newBuilder().setTopic("b").build();
        byte[] both = concat(message.toByteArray(), again.toByteArray());
        byte[] body = concat(new byte[] {0x12, (byte) both.length}, both);
        assertThat(Rpcs.read(body).messages().get(0).topic()).isEqualTo("b");
    }

    @Test
    void absentDataAndEmptyDataAreNotTheSame() {
        assertThat(Rpcs.read(rpc(RpcProto.Message.newBuilder().setTopic("t")))
                        .messages()
                        .get(0)
                        .data())
                .isSameAs(RawMessage.NO_DATA);
        assertThat(Rpcs.read(rpc(RpcProto.Message.newBuilder().setTopic("t").setData(ByteString.EMPTY)))
                        .messages()
                        .get(0)
                        .data())
                .isNotSameAs(RawMessage.NO_DATA)
                .isEmpty();
    }

    private static byte[] rpc(RpcProto.Message.Builder message) {
        return RpcProto.Rpc.newBuilder().addPublish(message).build().toByteArray();
    }

    @Test
    void elementsThatLackWhatTheyAreAboutAreSkippedAndTheOthersRead() {
        RpcProto.Rpc rpc = RpcProto.Rpc.newBuilder()
                .addSubscriptions(RpcProto.SubOpts.newBuilder().setSubscribe(true))
                .addSubscriptions(
                        RpcProto.SubOpts.newBuilder().setSubscribe(true).setTopic("a"))
                .addPublish(RpcProto.Message.newBuilder().setData(ByteString.copyFromUtf8("x")))
                .addPublish(RpcProto.Message.newBuilder().setTopic("b"))
                .setControl(RpcProto.ControlMessage.newBuilder()
                        .addIhave(RpcProto.ControlIHave.newBuilder().addIds(ByteString.copyFromUtf8("1")))
                        .addIhave(RpcProto.ControlIHave.newBuilder().setTopic("nothing"))
                        .addIwant(RpcProto.Ids.newBuilder()
                                .addIds(ByteString.copyFrom(new byte[MessageId.MAX_BYTES + 1]))
                                .addIds(ByteString.copyFrom(new byte[MessageId.MAX_BYTES])))
                        .addGraft(RpcProto.ControlGraft.getDefaultInstance())
                        .addGraft(RpcProto.ControlGraft.newBuilder().setTopic("c"))
                        .addPrune(RpcProto.ControlPrune.newBuilder().setBackoff(3))
                        .addPrune(RpcProto.ControlPrune.newBuilder()
                                .setTopic("d")
                                .addPeers(RpcProto.PeerInfo.newBuilder().setId(ByteString.copyFromUtf8("nobody")))
                                .addPeers(RpcProto.PeerInfo.getDefaultInstance())
                                .addPeers(RpcProto.PeerInfo.newBuilder()
                                        .setId(ByteString.copyFrom(Rpcs.PEER.toBytes())))))
                .setPartial(RpcProto.Partial.newBuilder().setTopic("e"))
                .build();
        Rpc read = Rpcs.read(rpc.toByteArray());
        assertThat(read.subscriptions()).containsExactly(Subscription.join("a"));
        assertThat(read.messages()).extracting(RawMessage::topic).containsExactly("b");
        assertThat(read.partial()).isNull();
        Control control = read.control();
        assertThat(control.ihave()).isEmpty();
        assertThat(control.iwant()).extracting(MessageId::length).containsExactly(MessageId.MAX_BYTES);
        assertThat(control.graft()).containsExactly("c");
        assertThat(control.prune()).hasSize(1);
        assertThat(control.prune().get(0).topic()).isEqualTo("d");
        assertThat(control.prune().get(0).backoffSeconds()).isEqualTo(OptionalLong.empty());
        assertThat(control.prune().get(0).peers())
                .extracting(Control.ExchangedPeer::peer)
                .containsExactly(Rpcs.PEER);
    }

    @Test
    void aTopicThatIsNotUtf8IsSkipped() {
        byte[] body = concat(
                HexFormat.of().parseHex("0a03" + "1201" + "ff"), HexFormat.of().parseHex("0a04" + "1202" + "c3a9"));
        assertThat(Rpcs.read(body).subscriptions()).containsExactly(Subscription.leave("é"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00", // no field has the number 0
                "0b", // a group that does not end
                "0c", // a group that ends and did not begin
                "0e", // a wire type that there is not
                "0a", // a length is missing
                "0a01", // what it is of is missing
                "0affffffffffffffffff01", // a length of 2^64 - 1
                "0affffffff7f", // one of 2^35 - 1
                "0a8080808080808080808000", // a varint of eleven bytes
                "80808080808001", // a field with a number of more than 29 bits
                "120308ff", // a varint without its end, inside a message
                "1a020a05", // an element longer than the message around it
                "1d010203", // a fixed 32 cut short
                "19010203", // a fixed 64 cut short
                "6b0a016174", // a group that ends with another number
            })
    void whatIsNoProtobufIsRefused(String hex) {
        assertThatThrownBy(() -> Rpcs.read(HexFormat.of().parseHex(hex))).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void anRpcOverTheLimitIsRefusedOnItsDeclaredLengthAndNotWritten() {
        RpcLimits limits = LIMITS.withMaxBytes(1_000);
        List<Rpc> out = new ArrayList<>();
        ByteBuf prefix = Unpooled.wrappedBuffer(new byte[] {(byte) 0xe9, 0x07});
        assertThatThrownBy(() -> RpcCodec.create(limits).decoder().decode(prefix, out))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("1001");

        ByteBuf written = Unpooled.buffer().writeByte(1);
        assertThatThrownBy(() -> RpcCodec.create(limits)
                        .encode(Rpc.ofMessage(Rpcs.message("topic", "x".repeat(1_000))), written))
                .isInstanceOf(MalformedMessageException.class);
        assertThat(written.readableBytes()).isEqualTo(1);
    }

    @Test
    void elementsUpToTheLimitsAreReadAndOneMoreIsRefused() {
        RpcLimits limits = new RpcLimits(1 << 16, 1 << 12, 3, 2, 4, 5, 1);
        for (int subscriptions = 3; subscriptions <= 4; subscriptions++) {
            Rpc rpc = Rpc.ofSubscriptions(List.of(Subscription.join("a")).stream()
                    .flatMap(one -> java.util.Collections.nCopies(4, one).stream())
                    .limit(subscriptions)
                    .toList());
            check(limits, rpc, subscriptions == 3, "4 subscriptions; at most 3");
        }
        for (int messages = 2; messages <= 3; messages++) {
            Rpc rpc = new Rpc(
                    List.of(), java.util.Collections.nCopies(messages, Rpcs.message("t", "d")), null, null, false);
            check(limits, rpc, messages == 2, "3 messages; at most 2");
        }
        Control four = new Control(
                List.of(new Control.IHave("a", List.of(id("1")))),
                List.of(id("2")),
                List.of("b"),
                List.of(),
                List.of(id("3")),
                1,
                Control.Extensions.NONE);
        check(limits, Rpc.ofControl(four), true, "");
        Control five = new Control(four.ihave(), four.iwant(), List.of("b", "c"), List.of(), four.idontwant(), 1, null);
        check(limits, Rpc.ofControl(five), false, "5 control entries; at most 4");
    }

    private static void check(RpcLimits limits, Rpc rpc, boolean accepted, String message) {
        byte[] bytes = Rpcs.encode(rpc, limits);
        if (accepted) {
            same(Rpcs.decode(limits, bytes).get(0), rpc);
        } else {
            assertThatThrownBy(() -> Rpcs.decode(limits, bytes))
                    .isInstanceOf(MalformedMessageException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void idsAndExchangedPeersBeyondTheLimitsAreSkipped() {
        RpcLimits limits = new RpcLimits(1 << 16, 1 << 12, 3, 2, 10, 5, 1);
        List<MessageId> three = List.of(id("1"), id("2"), id("3"));
        List<MessageId> six = List.of(id("1"), id("2"), id("3"), id("4"), id("5"), id("6"));
        Control.ExchangedPeer peer = new Control.ExchangedPeer(Rpcs.PEER, new byte[0]);
        Control control = new Control(
                List.of(new Control.IHave("a", three), new Control.IHave("b", three), new Control.IHave("c", three)),
                six,
                List.of(),
                List.of(new Control.Prune("a", List.of(peer, peer), OptionalLong.of(1))),
                six,
                1,
                null);
        Control read = Rpcs.decode(limits, Rpcs.encode(Rpc.ofControl(control), limits))
                .get(0)
                .control();
        assertThat(read.ihave())
                .containsExactly(new Control.IHave("a", three), new Control.IHave("b", three.subList(0, 2)));
        assertThat(read.iwant()).isEqualTo(six.subList(0, 5));
        assertThat(read.idontwant()).isEqualTo(six.subList(0, 5));
        assertThat(read.prune().get(0).peers()).hasSize(1);
        assertThat(read.prune().get(0).backoffSeconds()).hasValue(1);
    }

    @Test
    void limitsMakeSense() {
        assertThatThrownBy(() -> LIMITS.withMaxBytes(511)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RpcLimits(1_000, 1_001, 1, 1, 1, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RpcLimits(1_000, 1_000, 1, 1, 0, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(LIMITS.withMaxBytes(600).maxControlBytes()).isEqualTo(600);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(first, second));
    }

    @Test
    void aMessageEncodedForAllIsTheRpcWithItAlone() {
        Rounds.of(100, random -> {
            byte[] data = Rounds.bytes(random, 40_000);
            RawMessage message =
                    new RawMessage(bytes("from"), data, new byte[8], Rpcs.text(random), Rounds.bytes(random, 64), null);
            EncodedMessage encoded = EncodedMessage.of(message);
            byte[] expected = Rpcs.encode(Rpc.ofMessage(message), LIMITS);
            ByteBuf out = Unpooled.buffer();
            encoded.writeTo(out);
            assertThat(ByteBufUtil.getBytes(out)).isEqualTo(expected);
            assertThat(ByteBufUtil.getBytes(encoded.asBuffer())).isEqualTo(expected);
            assertThat(encoded.frameBytes()).isEqualTo(expected.length);
            assertThat(encoded.rpcBytes())
                    .isEqualTo(expected.length - io.reactivep2p.multiformats.Varint.size(encoded.rpcBytes()));
        });
    }

    @Test
    void buffersOfOneEncodedMessageAreReadAndReleasedIndependently() {
        EncodedMessage encoded = EncodedMessage.of(Rpcs.message("topic", "data"));
        ByteBuf first = encoded.asBuffer();
        first.skipBytes(5);
        first.release();
        assertThat(encoded.asBuffer().readableBytes()).isEqualTo(encoded.frameBytes());
    }
}
