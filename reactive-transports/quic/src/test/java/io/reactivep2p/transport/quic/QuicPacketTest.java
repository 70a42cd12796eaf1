package io.reactivep2p.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.transport.quic.QuicPacket.Route;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuicPacketTest {

    private static final long OURS = 0x0102030405060708L;

    private static Route route(ByteBuf datagram, boolean listening) {
        return QuicPacket.route(datagram, id -> id == OURS, listening);
    }

    /** A packet with a long header; {@code length} bytes follow it. */
    private static ByteBuf longHeader(int first, int version, byte[] id, int length) {
        ByteBuf packet = Unpooled.buffer()
                .writeByte(first)
                .writeInt(version)
                .writeByte(id.length)
                .writeBytes(id)
                .writeByte(0);
        if ((first & 0x30) == 0) {
            packet.writeByte(0);
        }
        return packet.writeShort(0x4000 | length).writeZero(length);
    }

    private static ByteBuf shortHeader(long id) {
        return Unpooled.buffer().writeByte(0x40).writeLong(id).writeZero(20);
    }

    private static final byte[] OURS_BYTES = QuicPacket.idBytes(OURS);
    private static final byte[] OTHER = {9, 9, 9, 9, 9, 9, 9, 9};

    @Test
    void aDialedConnectionIsKnownByItsId() {
        assertThat(route(shortHeader(OURS), true)).isEqualTo(Route.DIALED);
        assertThat(route(shortHeader(OURS + 1), true)).isEqualTo(Route.ACCEPTED);
        assertThat(route(longHeader(0xC0, 1, OURS_BYTES, 100), false)).isEqualTo(Route.DIALED);
        assertThat(route(longHeader(0xE0, 1, OURS_BYTES, 100), false)).isEqualTo(Route.DIALED);
        assertThat(QuicPacket.dialedId(shortHeader(OURS))).isEqualTo(OURS);
        assertThat(QuicPacket.dialedId(longHeader(0xC0, 1, OURS_BYTES, 100))).isEqualTo(OURS);
    }

    @Test
    void onlyAListenerSeesNewConnectionsAndOnlyInLargeDatagrams() {
        assertThat(route(longHeader(0xC0, 1, OTHER, 1200), true)).isEqualTo(Route.ACCEPTED);
        assertThat(route(longHeader(0xC0, 1, OTHER, 1200), false)).isEqualTo(Route.NONE);
        assertThat(route(longHeader(0xC0, 1, OTHER, 500), true)).isEqualTo(Route.NONE);
        assertThat(route(longHeader(0xC0, 0x1a2a3a4a, OTHER, 1200), true)).isEqualTo(Route.ACCEPTED);
        assertThat(route(longHeader(0xC0, 0x1a2a3a4a, OTHER, 500), true)).isEqualTo(Route.NONE);
        assertThat(route(longHeader(0xC0, 0, OTHER, 1200), true)).isEqualTo(Route.NONE);
        assertThat(route(longHeader(0xE0, 1, OTHER, 100), false))
                .describedAs("a handshake that is under way")
                .isEqualTo(Route.ACCEPTED);
    }

    @Test
    void whatIsNoQuicIsNobodys() {
        assertThat(route(Unpooled.buffer().writeZero(1200), true)).isEqualTo(Route.NONE);
        assertThat(route(Unpooled.EMPTY_BUFFER, true)).isEqualTo(Route.NONE);
        assertThat(route(shortHeader(OURS).slice(0, 8), true)).isEqualTo(Route.NONE);
        ByteBuf longId =
                Unpooled.buffer().writeByte(0xC0).writeInt(1).writeByte(255).writeZero(100);
        assertThat(route(longId, true)).isEqualTo(Route.NONE);
    }

    @Test
    void theLastStageIsSeenBehindOtherPackets() {
        ByteBuf both = Unpooled.wrappedBuffer(
                longHeader(0xC0, 1, OURS_BYTES, 60), longHeader(0xE0, 1, OURS_BYTES, 80), shortHeader(OURS));
        assertThat(QuicPacket.hasShortHeader(both, OURS)).isTrue();
        assertThat(QuicPacket.hasShortHeader(both, OURS + 1)).isFalse();
        assertThat(QuicPacket.hasShortHeader(longHeader(0xC0, 1, OURS_BYTES, 60), OURS))
                .isFalse();
        assertThat(QuicPacket.hasShortHeader(both.slice(0, 70), OURS)).isFalse();
        for (int cut = 0; cut < both.readableBytes(); cut++) {
            QuicPacket.hasShortHeader(both.slice(0, cut), OURS);
            route(both.slice(0, cut), true);
        }
    }

    @Test
    void noDatagramIsTooOddToBeRead() {
        Random random = new Random(5);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            readsAny(bytes);
        }
    }

    @FuzzTest(maxDuration = "60s")
    void readsAny(byte[] datagram) {
        ByteBuf bytes = Unpooled.wrappedBuffer(datagram);
        Route route = QuicPacket.route(bytes, id -> (id & 1) == 0, true);
        if (route == Route.DIALED) {
            assertThat(QuicPacket.dialedId(bytes) & 1).isZero();
        }
        QuicPacket.hasShortHeader(bytes, OURS);
        assertThat(bytes.readerIndex()).isZero();
    }
}
