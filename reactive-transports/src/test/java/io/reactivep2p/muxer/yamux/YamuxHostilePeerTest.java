package io.reactivep2p.muxer.yamux;

import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.ACK;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.FIN;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.INITIAL_WINDOW;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.RST;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.SYN;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.muxer.RecordingListener;
import io.reactivep2p.muxer.yamux.YamuxFrame.Data;
import io.reactivep2p.muxer.yamux.YamuxFrame.GoAway;
import io.reactivep2p.muxer.yamux.YamuxFrame.Ping;
import io.reactivep2p.muxer.yamux.YamuxFrame.WindowUpdate;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A peer that breaks the rules; {@code pair.server} is the one attacked. */
class YamuxHostilePeerTest {

    private YamuxPair pair = new YamuxPair();

    @AfterEach
    void close() {
        pair.close();
    }

    private void assertProtocolError(String offence) {
        ConnectionClosedException cause = pair.server.session.closeCause();
        assertThat(cause).as(offence).isNotNull();
        assertThat(cause.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(cause.remote()).isFalse();
        assertThat(cause.getCause()).isInstanceOf(YamuxException.class).hasMessageContaining(offence);
        pair.server.drain();
        assertThat(pair.server.sent).last().isEqualTo(new GoAway(0, 1));
        assertThat(pair.server.session.streamCount()).isZero();
    }

    @Test
    void cve_2026_31814_windowUpdateOverflow() {
        pair.server.receive(new Data(SYN, 1, 0), new WindowUpdate(0, 1, 0xFFFF_FFFFL));
        assertProtocolError("2^32-1");
        assertThat(pair.server.listeners.get(0).error).isInstanceOf(ConnectionClosedException.class);
    }

    @Test
    void cve_2026_31814_manyUpdatesAddUpToAnOverflow() {
        pair.server.receive(new WindowUpdate(SYN, 1, 0x7FFF_FFFFL));
        assertThat(pair.server.session.closeCause()).isNull();
        pair.server.receive(new WindowUpdate(0, 1, 0x7FFF_FFFFL));
        assertProtocolError("2^32-1");
    }

    @Test
    void cve_2026_32314_synWithMoreDataThanTheWindow() {
        pair.server.receive(new Data(SYN, 1, INITIAL_WINDOW + 1));
        assertProtocolError("oversized");
        assertThat(pair.server.accepted).isEmpty();
    }

    @Test
    void cve_2026_73568_fourGigabyteLengthIsJudgedByTheHeader() {
        pair.server.receive(new Data(0, 1, 0xFFFF_FFFFL));
        assertProtocolError("oversized");
    }

    @Test
    void cve_2022_23492_aFloodOfStreamsKeepsMemoryFlat() {
        pair.server.socketWritable(false);
        for (int i = 0; i < 1_500; i++) {
            pair.server.receive(new Data(SYN, 2 * i + 1, 0));
        }
        assertThat(pair.server.session.streamCount()).isEqualTo(YamuxOptions.DEFAULT_MAX_INBOUND_STREAMS);
        assertThat(pair.server.session.closeCause()).isNull();
        pair.server.socketWritable(true);
        pair.server.drain();
        assertThat(pair.server.sent)
                .contains(new WindowUpdate(RST, 2 * 1_024 + 1, ErrorCode.RESOURCE_LIMIT_EXCEEDED.value()));
    }

    @Test
    void cve_2022_23492_aFloodOfRefusedStreamsEndsTheConnectionBeforeItPilesUp() {
        pair.close();
        pair = new YamuxPair(
                spec -> spec.pingInterval(Duration.ZERO).maxInboundStreams(4).maxOutboundStreams(4));
        pair.server.socketWritable(false);
        for (int i = 0; i < 2_000; i++) {
            pair.server.receive(new Data(SYN, 2 * i + 1, 0));
        }
        assertProtocolError("resets");
    }

    @Test
    void cve_2022_23492_openAndResetForeverLeavesNothing() {
        for (int i = 0; i < 100_000; i++) {
            pair.server.receive(new Data(SYN, 2 * i + 1, 0), new WindowUpdate(RST, 2 * i + 1, 0));
            pair.server.listeners.clear();
            pair.server.accepted.clear();
        }
        assertThat(pair.server.session.streamCount()).isZero();
        pair.server.drain();
        assertThat(pair.server.sent).isEmpty();
    }

    @Test
    void aFloodOfPingsIsBounded() {
        for (int i = 0; i < YamuxSession.MAX_PENDING_PONGS; i++) {
            pair.server.receive(new Ping(SYN, i));
        }
        pair.server.drain();
        assertThat(pair.server.sent)
                .hasSize(YamuxSession.MAX_PENDING_PONGS)
                .last()
                .isEqualTo(new Ping(ACK, 63));
        pair.server.socketWritable(false);
        for (int i = 0; i <= YamuxSession.MAX_PENDING_PONGS; i++) {
            pair.server.receive(new Ping(SYN, i));
        }
        assertProtocolError("pings");
    }

    @Test
    void overrunningTheWindowCloses() {
        pair.server.session.acceptStreams(stream -> new RecordingListener(stream).consuming = false);
        pair.server.receive(new Data(SYN, 1, INITIAL_WINDOW));
        assertThat(pair.server.session.closeCause()).isNull();
        pair.server.receive(new Data(0, 1, 1));
        assertProtocolError("overruns");
    }

    @Test
    void anIdThatIsOursToUseCloses() {
        pair.server.receive(new Data(SYN, 2, 0));
        assertProtocolError("ours");
    }

    @Test
    void aSecondSynForAStreamCloses() {
        pair.server.receive(new Data(SYN, 1, 0), new WindowUpdate(SYN, 1, 0));
        assertProtocolError("known");
    }

    @Test
    void anUnknownTypeOrVersionCloses() {
        pair.server.session.onBytes(Unpooled.wrappedBuffer(new byte[] {0, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0}), pair.now);
        assertProtocolError("type 4");
        pair.client.session.onBytes(
                Unpooled.wrappedBuffer(new byte[] {(byte) 0xFF, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0}), pair.now);
        assertThat(pair.client.session.closeCause().getCause()).hasMessageContaining("version 255");
    }

    @Test
    void framesForUnknownStreamsAreSkipped() {
        pair.server.receive(
                new Data(0, 9, 1_000),
                new WindowUpdate(FIN, 11, 5),
                new Data(RST, 13, 7),
                new Ping(ACK, 5),
                new Data(SYN, 1, 1));
        assertThat(pair.server.session.closeCause()).isNull();
        assertThat(pair.server.listeners.get(0).received).isEqualTo(1);
    }

    @Test
    void dataAfterTheEndResetsTheStreamOnly() {
        pair.server.receive(new Data(SYN | FIN, 1, 3), new Data(0, 1, 3), new Data(SYN, 3, 1));
        assertThat(pair.server.listeners.get(0).error)
                .isInstanceOfSatisfying(
                        StreamResetException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION));
        assertThat(pair.server.listeners.get(1).received).isEqualTo(1);
        assertThat(pair.server.session.closeCause()).isNull();
    }

    @Test
    void everyCombinationOfFlagsIsSurvived() {
        for (int flags = 0; flags < 32; flags++) {
            for (int type = 0; type < 4; type++) {
                for (int length : new int[] {0, 1, 100}) {
                    pair.close();
                    pair = new YamuxPair();
                    pair.server.open(new YamuxPair.Opened());
                    pair.server.drain();
                    pair.server.receive(new Data(SYN, 1, 0));
                    for (long id : new long[] {1, 2, 3}) {
                        pair.server.receive(
                                switch (type) {
                                    case 0 -> new Data(flags, id, length);
                                    case 1 -> new WindowUpdate(flags, id, length);
                                    case 2 -> new Ping(flags, length);
                                    default -> new GoAway(flags, length);
                                });
                    }
                    pair.server.drain();
                    ConnectionClosedException cause = pair.server.session.closeCause();
                    boolean expected = type == 3 || type < 2 && (flags & SYN) != 0;
                    assertThat(cause != null)
                            .as("type %d flags %d", type, flags)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void synAckAndFinTogetherOpenAndEnd() {
        pair.server.receive(new Data(SYN | ACK | FIN, 1, 2));
        assertThat(pair.server.listeners.get(0).received).isEqualTo(2);
        assertThat(pair.server.listeners.get(0).ends).isEqualTo(1);
        pair.server.receive(new WindowUpdate(SYN | RST, 3, 9));
        assertThat(pair.server.listeners).hasSize(1);
    }

    @Test
    void aStreamMayEndBeforeItWasAcknowledged() {
        RecordingListener here = new RecordingListener(pair.client.open());
        pair.client.drain();
        pair.client.receive(new Data(FIN, 1, 4));
        assertThat(here.received).isEqualTo(4);
        assertThat(here.ends).isEqualTo(1);
        here.stream.closeWrite();
        pair.client.drain();
        assertThat(here.closes).isEqualTo(1);
    }

    @Test
    void anIdMayBeUsedAgainWhenItsStreamIsGone() {
        pair.server.receive(new Data(SYN, 5, 0), new Data(RST, 5, 0), new Data(SYN, 3, 0), new Data(SYN, 5, 0));
        assertThat(pair.server.session.closeCause()).isNull();
        assertThat(pair.server.session.streamCount()).isEqualTo(2);
    }
}
