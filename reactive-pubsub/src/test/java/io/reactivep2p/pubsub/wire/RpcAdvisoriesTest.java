package io.reactivep2p.pubsub.wire;

import static io.reactivep2p.pubsub.wire.Rpcs.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.reactivep2p.wire.MalformedMessageException;
import io.reactivep2p.wire.MessageCodec;
import io.reactivep2p.wire.Protobuf;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What RPCs did to other implementations. */
class RpcAdvisoriesTest {

    /** As many copies of an element as fit into the longest RPC. */
    private static byte[] flood(String element) {
        byte[] bytes = HexFormat.of().parseHex(element);
        ByteBuf out = Unpooled.buffer(LIMITS.maxBytes());
        while (out.readableBytes() + bytes.length <= LIMITS.maxBytes()) {
            out.writeBytes(bytes);
        }
        return ByteBufUtil.getBytes(out);
    }

    private static long allocated(Runnable work) {
        com.sun.management.ThreadMXBean thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        work.run();
        return thread.getCurrentThreadAllocatedBytes() - before;
    }

    @ParameterizedTest
    @CsvSource({
        "subscriptions, 0a00",
        "messages, 1200",
        "control entries, 1a020a00",
        "control entries, 1a021200",
        "control entries, 1a021a00",
        "control entries, 1a022200",
        "control entries, 1a022a00"
    })
    void cve_2026_86040_aFloodOfEmptyElementsIsCountedBeforeAnythingIsMadeOfIt(String what, String element) {
        ByteBuf body = Unpooled.wrappedBuffer(flood(element));
        Runnable read = () -> assertThatThrownBy(() -> RpcReader.read(body, LIMITS))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining(what);
        read.run();
        assertThat(allocated(read)).isLessThan(LIMITS.maxBytes() / 4);
        assertThat(body.readableBytes()).isGreaterThan(LIMITS.maxBytes() - 8);
    }

    @Test
    void cve_2026_46679_framesWithoutAnEndKeepNoMoreThanOneRpc() {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, false, true);
        ByteBuf piece = allocator.heapBuffer(1_000);
        List<Rpc> out = new ArrayList<>();
        try (MessageCodec.Decoder<Rpc> decoder = RpcCodec.create(LIMITS).decoder()) {
            ByteBuf prefix = allocator.heapBuffer(3).writeBytes(new byte[] {(byte) 0x80, (byte) 0x80, 0x40});
            decoder.decode(prefix, out);
            prefix.release();
            assertThat(allocator.metric().usedHeapMemory())
                    .as("what was promised is not allocated")
                    .isLessThan(5_000);
            for (int i = 0; i < 1_040; i++) {
                decoder.decode(piece.clear().writeZero(1_000), out);
                assertThat(allocator.metric().usedHeapMemory()).isLessThan(3L * LIMITS.maxBytes());
            }
        } finally {
            piece.release();
        }
        assertThat(out).isEmpty();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1a0412020a00", "1a042a020a00", "1a070a050a01611200"})
    void cve_2026_46679_aFloodOfEmptyIdsIsCutAtTheLimit(String entry) {
        // One entry with as many ids as fit: the same element over and over inside of one list.
        byte[] id = HexFormat.of().parseHex(entry.endsWith("1200") ? "1200" : "0a00");
        ByteBuf ids = Unpooled.buffer();
        if (entry.endsWith("1200")) {
            ids.writeBytes(HexFormat.of().parseHex("0a0161"));
        }
        while (ids.readableBytes() < LIMITS.maxBytes() - 20) {
            ids.writeBytes(id);
        }
        ProtoWriter body = new ProtoWriter(ProtoWriter.fieldSize(ProtoWriter.fieldSize(ids.readableBytes())));
        body.message(RpcReader.CONTROL, ProtoWriter.fieldSize(ids.readableBytes()));
        body.bytes(HexFormat.fromHexDigits(entry, 4, 6) >>> 3, ByteBufUtil.getBytes(ids));
        Control control = Rpcs.read(body.bytes()).control();
        int read = control.iwant().size()
                + control.idontwant().size()
                + control.ihave().stream().mapToInt(have -> have.ids().size()).sum();
        assertThat(read).isEqualTo(LIMITS.maxIds());
    }

    @Test
    void cve_2026_46679_aFloodOfExchangedPeersIsCutAtTheLimit() {
        String id = HexFormat.of().formatHex(Rpcs.PEER.toBytes());
        byte[] peers = HexFormat.of().parseHex("0a0161" + ("1228" + "0a26" + id).repeat(5_000));
        ProtoWriter body = new ProtoWriter(ProtoWriter.fieldSize(ProtoWriter.fieldSize(peers.length)));
        body.message(RpcReader.CONTROL, ProtoWriter.fieldSize(peers.length));
        body.bytes(ControlReader.PRUNE, peers);
        assertThat(Rpcs.read(body.bytes()).control().prune().get(0).peers()).hasSize(LIMITS.maxExchangedPeers());
    }

    /** Unknown groups, here and inside of every message that is read. */
    @ParameterizedTest
    @ValueSource(strings = {"", "0a", "12", "1a", "52"})
    void cve_2024_7254_nestedGroupsAreSkippedWithoutAStackAndOnlySoDeep(String around) {
        assertThat(Rpcs.read(within(around, groups(Protobuf.MAX_DEPTH))).testExtension())
                .isFalse();
        for (int depth : new int[] {Protobuf.MAX_DEPTH + 1, 100_000}) {
            assertThatThrownBy(() -> Rpcs.read(within(around, groups(depth))))
                    .isInstanceOf(MalformedMessageException.class)
                    .hasMessageContaining("deeper");
        }
    }

    private static byte[] groups(int depth) {
        return HexFormat.of().parseHex("cb06".repeat(depth) + "cc06".repeat(depth));
    }

    private static byte[] within(String tag, byte[] bytes) {
        if (tag.isEmpty()) {
            return bytes;
        }
        ProtoWriter out = new ProtoWriter(ProtoWriter.fieldSize(bytes.length));
        out.bytes(HexFormat.fromHexDigits(tag) >>> ProtoWriter.TYPE_BITS, bytes);
        return out.bytes();
    }
}
