package io.reactivep2p.pubsub.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.pb.RpcProto;
import io.reactivep2p.testing.Rounds;
import io.reactivep2p.wire.MalformedMessageException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Whatever comes: an RPC within the limits or a refusal. What is read, protobuf reads too and says the same; what is written of it reads
 * the same again.
 */
class RpcFuzzTest {

    /** More exchanged peers than fit, since of those that are skipped nothing is looked at that protobuf would refuse. */
    private static final RpcLimits LIMITS = new RpcLimits(1 << 12, 1 << 9, 5, 4, 9, 20, 50);

    @FuzzTest
    void anyBytesAreAnRpcOrRefused(FuzzedDataProvider data) {
        check(data.consumeRemainingAsBytes());
    }

    @Test
    void randomBytesAreAnRpcOrRefused() {
        Rounds.of(5_000, random -> {
            byte[] bytes = Rounds.bytes(random, 200);
            for (int i = 0; i < bytes.length; i++) {
                if (random.nextInt(3) > 0) { // small numbers make plausible lengths and tags
                    bytes[i] = (byte) random.nextInt(0x30);
                }
            }
            check(bytes);
        });
    }

    @Test
    void damagedRpcsAreRpcsOrRefused() {
        Rounds.of(3_000, random -> {
            byte[] encoded = Rpcs.encode(random.nextBoolean() ? Rpcs.full() : Rpcs.random(random), Rpcs.LIMITS);
            ByteBuf body = Unpooled.wrappedBuffer(encoded);
            io.reactivep2p.multiformats.Varint.read(body);
            check(Rounds.damaged(random, ByteBufUtil.getBytes(body)));
        });
    }

    private static void check(byte[] bytes) {
        Rpc rpc;
        try {
            rpc = RpcReader.read(Unpooled.wrappedBuffer(bytes), LIMITS);
        } catch (MalformedMessageException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return;
        }
        withinTheLimits(rpc);
        agreesWithProtobuf(rpc, bytes);
        byte[] written = Rpcs.encode(rpc, Rpcs.LIMITS);
        Rpc again = Rpcs.decode(Rpcs.LIMITS, written).get(0);
        assertThat(Generated.of(again)).isEqualTo(Generated.of(rpc));
    }

    private static void withinTheLimits(Rpc rpc) {
        assertThat(rpc.subscriptions()).hasSizeLessThanOrEqualTo(LIMITS.maxSubscriptions());
        assertThat(rpc.messages()).hasSizeLessThanOrEqualTo(LIMITS.maxMessages());
        Control control = rpc.control();
        if (control != null) {
            int entries = control.ihave().size()
                    + control.graft().size()
                    + control.prune().size()
                    + control.idontwantEntries();
            assertThat(entries).isLessThanOrEqualTo(LIMITS.maxControlEntries());
            assertThat(control.iwant()).hasSizeLessThanOrEqualTo(LIMITS.maxIds());
            assertThat(control.idontwant()).hasSizeLessThanOrEqualTo(LIMITS.maxIds());
            assertThat(control.ihave().stream()
                            .mapToInt(have -> have.ids().size())
                            .sum())
                    .isLessThanOrEqualTo(LIMITS.maxIds());
            control.prune()
                    .forEach(prune -> assertThat(prune.peers()).hasSizeLessThanOrEqualTo(LIMITS.maxExchangedPeers()));
        }
    }

    /** What protobuf says of messages and subscriptions that are whole. */
    private static void agreesWithProtobuf(Rpc rpc, byte[] bytes) {
        RpcProto.Rpc generated;
        try {
            generated = RpcProto.Rpc.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("read what protobuf refuses", e);
        }
        List<RpcProto.Message> expected = new ArrayList<>();
        for (RpcProto.Message message : generated.getPublishList()) {
            if (message.hasTopic() && message.getTopicBytes().isValidUtf8()) {
                expected.add(message);
            }
        }
        assertThat(rpc.messages()).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            RawMessage message = rpc.messages().get(i);
            RpcProto.Message other = expected.get(i);
            assertThat(message.topic()).isEqualTo(other.getTopic());
            assertThat(message.data()).isEqualTo(other.getData().toByteArray());
            assertThat(message.data() != RawMessage.NO_DATA).isEqualTo(other.hasData());
            same(message.from(), other.hasFrom(), other.getFrom().toByteArray());
            same(message.seqno(), other.hasSeqno(), other.getSeqno().toByteArray());
            same(message.signature(), other.hasSignature(), other.getSignature().toByteArray());
            same(message.key(), other.hasKey(), other.getKey().toByteArray());
        }
        assertThat(rpc.subscriptions())
                .extracting(Subscription::topic)
                .containsExactlyElementsOf(generated.getSubscriptionsList().stream()
                        .filter(one -> one.hasTopic() && one.getTopicBytes().isValidUtf8())
                        .map(RpcProto.SubOpts::getTopic)
                        .toList());
        assertThat(rpc.testExtension()).isEqualTo(generated.hasTestExtension());
        assertThat(rpc.control() != null).isEqualTo(generated.hasControl());
    }

    private static void same(byte[] actual, boolean there, byte[] expected) {
        assertThat(actual).isEqualTo(there ? expected : null);
    }
}
