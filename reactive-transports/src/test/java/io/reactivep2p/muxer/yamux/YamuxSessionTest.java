package io.reactivep2p.muxer.yamux;

import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.ACK;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.FIN;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.INITIAL_WINDOW;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.RST;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.SYN;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.RecordingListener;
import io.reactivep2p.muxer.yamux.YamuxFrame.Data;
import io.reactivep2p.muxer.yamux.YamuxFrame.WindowUpdate;
import io.reactivep2p.resource.ResourceLimitException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class YamuxSessionTest {

    private YamuxPair pair = new YamuxPair();

    @AfterEach
    void close() {
        pair.close();
    }

    private ByteBuf text(String text) {
        return pair.tracked(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    private ByteBuf zeros(int bytes) {
        return pair.zeros(bytes);
    }

    private RecordingListener serverSide(int index) {
        return pair.server.listeners.get(index);
    }

    @Test
    void aConversationFromOpenToClosed() {
        MuxedStream stream = pair.client.open();
        RecordingListener here = new RecordingListener(stream);
        stream.write(text("hel"));
        stream.write(text("lo"));
        pair.talk();
        assertThat(pair.client.takeSent()).containsExactly(new Data(SYN, 1, 5));
        assertThat(pair.server.takeSent()).containsExactly(new WindowUpdate(ACK, 1, 5));
        assertThat(serverSide(0).receivedText()).isEqualTo("hello");
        serverSide(0).stream.write(text("world"));
        serverSide(0).stream.closeWrite();
        pair.talk();
        assertThat(pair.server.takeSent()).containsExactly(new Data(0, 1, 5), new WindowUpdate(FIN, 1, 0));
        assertThat(here.receivedText()).isEqualTo("world");
        assertThat(here.ends).isEqualTo(1);
        assertThat(here.closes).isZero();
        stream.write(text("!"));
        pair.talk();
        stream.closeWrite();
        pair.talk();
        assertThat(pair.client.takeSent()).containsExactly(new Data(0, 1, 1), new WindowUpdate(FIN, 1, 0));
        assertThat(serverSide(0).receivedText()).isEqualTo("hello!");
        assertThat(serverSide(0).ends).isEqualTo(1);
        assertThat(serverSide(0).closes).isEqualTo(1);
        assertThat(here.closes).isEqualTo(1);
        assertThat(here.error).isNull();
        assertThat(pair.client.session.streamCount()).isZero();
        assertThat(pair.server.session.streamCount()).isZero();
    }

    @Test
    void openingAndDataShareAFrameAndTheEndComesInItsOwn() {
        pair.server.session.acceptStreams(stream -> {
            new RecordingListener(stream) {
                @Override
                public void onEnd() {
                    stream.write(text("answer"));
                    stream.closeWrite();
                }
            };
        });
        MuxedStream stream = pair.client.open();
        RecordingListener here = new RecordingListener(stream);
        stream.write(text("ask"));
        stream.closeWrite();
        pair.talk();
        assertThat(pair.client.sent).containsExactly(new Data(SYN, 1, 3), new WindowUpdate(FIN, 1, 0));
        assertThat(pair.server.sent).containsExactly(new Data(ACK, 1, 6), new WindowUpdate(FIN, 1, 0));
        assertThat(here.receivedText()).isEqualTo("answer");
        assertThat(here.closes).isEqualTo(1);
    }

    @Test
    void anEmptyStreamOpensAndEndsInOneFrame() {
        pair.client.open().closeWrite();
        pair.talk();
        assertThat(pair.client.sent).containsExactly(new WindowUpdate(SYN | FIN, 1, 0));
        assertThat(serverSide(0).ends).isEqualTo(1);
    }

    @Test
    void aLargerInitialWindowTravelsWithTheFirstFrame() {
        pair.close();
        pair = new YamuxPair(spec -> spec.pingInterval(Duration.ZERO).initialWindow(1 << 20));
        pair.client.open().write(text("x"));
        pair.talk();
        assertThat(pair.client.sent)
                .containsExactly(new WindowUpdate(SYN, 1, (1 << 20) - INITIAL_WINDOW), new Data(0, 1, 1));
        assertThat(pair.server.sent).containsExactly(new WindowUpdate(ACK, 1, (1 << 20) - INITIAL_WINDOW + 1));
    }

    @Test
    void aSenderStopsAfterExactlyOneWindowIfNothingIsConsumed() {
        MuxedStream stream = pair.client.open();
        RecordingListener here = new RecordingListener(stream);
        assertThat(stream.isWritable()).isTrue();
        stream.write(zeros(1 << 20));
        pair.client.drain();
        pair.server.session.acceptStreams(s -> {
            pair.server.accepted.add(s);
            RecordingListener listener = new RecordingListener(s);
            listener.consuming = false;
            pair.server.listeners.add(listener);
        });
        pair.talk();
        assertThat(serverSide(0).received).isEqualTo(INITIAL_WINDOW);
        assertThat(stream.isWritable()).isFalse();
        serverSide(0).stream.consumed(INITIAL_WINDOW / 2 - 1);
        pair.talk();
        assertThat(serverSide(0).received).isEqualTo(INITIAL_WINDOW);
        serverSide(0).stream.consumed(1);
        pair.talk();
        assertThat(serverSide(0).received).isEqualTo(INITIAL_WINDOW * 3 / 2);
        serverSide(0).consuming = true;
        serverSide(0).stream.consumed(INITIAL_WINDOW);
        pair.talk();
        assertThat(serverSide(0).received).isEqualTo(1 << 20);
        assertThat(here.writables).isEqualTo(1);
        assertThat(stream.isWritable()).isTrue();
    }

    @Test
    void twoBulkStreamsTakeTurns() {
        MuxedStream one = pair.client.open();
        MuxedStream two = pair.client.open();
        one.write(zeros(200_000));
        two.write(zeros(200_000));
        pair.client.drain();
        assertThat(pair.client.sent)
                .containsExactly(
                        new Data(SYN, 1, 65_507),
                        new Data(SYN, 3, 65_507),
                        new Data(0, 1, 65_507),
                        new Data(0, 3, 65_507),
                        new Data(0, 1, 65_507),
                        new Data(0, 3, 65_507),
                        new Data(0, 1, 200_000 - 3 * 65_507),
                        new Data(0, 3, 200_000 - 3 * 65_507));
    }

    @Test
    void pongsAndResetsGoBeforeData() {
        MuxedStream one = pair.client.open();
        MuxedStream two = pair.client.open();
        pair.talk();
        pair.client.takeSent();
        one.write(zeros(100_000));
        two.reset(ErrorCode.RATE_LIMITED);
        pair.client.receive(new YamuxFrame.Ping(SYN, 77));
        pair.client.drain();
        assertThat(pair.client.sent)
                .startsWith(new YamuxFrame.Ping(ACK, 77), new WindowUpdate(RST, 3, 0x1003), new Data(0, 1, 65_507));
    }

    @Test
    void aResetCarriesItsCodeAndDropsWhatWaits() {
        MuxedStream stream = pair.client.open();
        RecordingListener here = new RecordingListener(stream);
        pair.talk();
        ByteBuf waiting = zeros(300_000);
        stream.write(waiting);
        stream.reset(ErrorCode.SUPPLANTED);
        stream.reset(ErrorCode.NONE);
        assertThat(waiting.refCnt()).isZero();
        pair.talk();
        assertThat(serverSide(0).error).isInstanceOfSatisfying(StreamResetException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.SUPPLANTED);
            assertThat(e.remote()).isTrue();
        });
        assertThat(here.error).isNull();
        assertThat(here.closes).isZero();
        assertThat(pair.server.session.streamCount()).isZero();
        assertThat(pair.client.session.streamCount()).isZero();
    }

    @Test
    void aStreamResetBeforeItsFirstFrameIsNeverHeardOf() {
        MuxedStream stream = pair.client.open();
        stream.write(text("x"));
        stream.reset(ErrorCode.NONE);
        pair.talk();
        assertThat(pair.client.sent).isEmpty();
        assertThat(pair.client.session.streamCount()).isZero();
    }

    @Test
    void writesAfterTheEndAreReleasedAndDropped() {
        MuxedStream stream = pair.client.open();
        stream.closeWrite();
        ByteBuf late = text("late");
        stream.write(late);
        assertThat(late.refCnt()).isZero();
        assertThat(stream.isWritable()).isFalse();
        pair.talk();
        assertThat(serverSide(0).received).isZero();
    }

    @Test
    void anEndThatWaitsBehindTheWindowComesAfterTheData() {
        MuxedStream stream = pair.client.open();
        stream.write(zeros(INITIAL_WINDOW + 10));
        stream.closeWrite();
        pair.talk();
        assertThat(serverSide(0).received).isEqualTo(INITIAL_WINDOW + 10);
        assertThat(serverSide(0).ends).isEqualTo(1);
        assertThat(pair.client.sent).endsWith(new Data(0, 1, 10), new WindowUpdate(FIN, 1, 0));
    }

    @Test
    void afterCloseReadDataIsDroppedWithoutCredit() {
        MuxedStream stream = pair.client.open();
        pair.talk();
        serverSide(0).stream.closeRead();
        pair.server.takeSent();
        stream.write(zeros(1 << 20));
        pair.talk();
        assertThat(serverSide(0).received).isZero();
        assertThat(pair.server.sent).isEmpty();
        assertThat(stream.isWritable()).isFalse();
    }

    @Test
    void aStreamClosedBothWaysIsResetWhenThePeerNeverEnds() {
        MuxedStream stream = pair.client.open();
        RecordingListener here = new RecordingListener(stream);
        pair.talk();
        stream.closeRead();
        stream.closeWrite();
        pair.pass(299 * YamuxPair.SECOND);
        assertThat(pair.client.session.streamCount()).isEqualTo(1);
        pair.pass(YamuxPair.SECOND);
        assertThat(pair.client.session.streamCount()).isZero();
        assertThat(here.error).isInstanceOfSatisfying(StreamResetException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.GARBAGE_COLLECTED));
        assertThat(serverSide(0).error).isInstanceOf(StreamResetException.class);
    }

    @Test
    void aListenerThatComesLateHearsWhatItMissed() {
        MuxedStream stream = pair.client.open();
        pair.talk();
        serverSide(0).stream.write(text("early"));
        pair.talk();
        serverSide(0).stream.write(text(" bird"));
        serverSide(0).stream.closeWrite();
        stream.closeWrite();
        pair.talk();
        RecordingListener late = new RecordingListener(stream);
        assertThat(late.receivedText()).isEqualTo("early bird");
        assertThat(late.ends).isEqualTo(1);
        assertThat(late.closes).isEqualTo(1);
        assertThat(pair.client.session.streamCount()).isZero();
    }

    @Test
    void aListenerThatComesAfterTheResetHearsOfIt() {
        MuxedStream stream = pair.client.open();
        pair.talk();
        serverSide(0).stream.write(text("lost"));
        pair.talk();
        serverSide(0).stream.reset(ErrorCode.NONE);
        pair.talk();
        RecordingListener late = new RecordingListener(stream);
        assertThat(late.received).isZero();
        assertThat(late.ends).isZero();
        assertThat(late.error).isInstanceOf(StreamResetException.class);
    }

    @Test
    void aListenerAttachedWhileAnotherCatchesUpHearsTheEndLast() {
        MuxedStream stream = pair.client.open();
        pair.talk();
        serverSide(0).stream.write(text("negotiated"));
        serverSide(0).stream.closeWrite();
        pair.talk();
        List<String> heard = new ArrayList<>();
        new RecordingListener(stream) {
            @Override
            public void onData(ByteBuf data) {
                super.onData(data);
                new RecordingListener(stream) {
                    @Override
                    public void onEnd() {
                        heard.add("end");
                    }
                };
                heard.add("leftover");
            }

            @Override
            public void onEnd() {
                heard.add("end for the first");
            }
        };
        assertThat(heard).containsExactly("leftover", "end");
    }

    @Test
    void aListenerThatThrowsLosesItsStreamOnly() {
        pair.server.session.acceptStreams(stream -> {
            if (stream.id() == 1) {
                throw new IllegalStateException("planted");
            }
            pair.server.listeners.add(new RecordingListener(stream));
        });
        RecordingListener one = new RecordingListener(pair.client.open());
        RecordingListener two = new RecordingListener(pair.client.open());
        two.stream.write(text("fine"));
        pair.talk();
        assertThat(one.error).isInstanceOf(StreamResetException.class);
        assertThat(serverSide(0).receivedText()).isEqualTo("fine");
        assertThat(pair.server.session.closeCause()).isNull();
    }

    @Test
    void at256UnacknowledgedStreamsTheNextWaitsForItsTurn() {
        for (int i = 0; i < OpenQueue.MAX_UNACKNOWLEDGED; i++) {
            assertThat(pair.client.open()).isNotNull();
        }
        YamuxPair.Opened waiting = pair.client.open(new YamuxPair.Opened());
        YamuxPair.Opened leaving = pair.client.open(new YamuxPair.Opened());
        assertThat(waiting.stream).isNull();
        pair.client.session.cancelOpen(leaving);
        pair.talk();
        assertThat(waiting.stream.id()).isEqualTo(513);
        assertThat(leaving.stream).isNull();
        assertThat(leaving.failure).isNull();
        assertThat(pair.server.session.streamCount()).isEqualTo(257);
    }

    @Test
    void whoWaitsForAStreamIsBoundedAndFailsWithTheConnection() {
        List<YamuxPair.Opened> waiting = new ArrayList<>();
        for (int i = 0; i < OpenQueue.MAX_UNACKNOWLEDGED + OpenQueue.MAX_WAITING; i++) {
            waiting.add(pair.client.open(new YamuxPair.Opened()));
        }
        assertThat(pair.client.open(new YamuxPair.Opened()).failure).isInstanceOf(ResourceLimitException.class);
        pair.client.session.close(ErrorCode.NONE);
        assertThat(waiting.subList(OpenQueue.MAX_UNACKNOWLEDGED, waiting.size()))
                .allSatisfy(opened -> assertThat(opened.failure).isInstanceOf(ConnectionClosedException.class));
        assertThat(pair.client.open(new YamuxPair.Opened()).failure).isInstanceOf(ConnectionClosedException.class);
    }

    @Test
    void anOpenerThatResetsAtOnceLetsTheNextOneInWithoutRecursion() {
        for (int i = 0; i < OpenQueue.MAX_UNACKNOWLEDGED; i++) {
            pair.client.open();
        }
        int[] resets = {0};
        for (int i = 0; i < OpenQueue.MAX_WAITING; i++) {
            pair.client.open(new YamuxPair.Opened() {
                @Override
                public void onOpened(MuxedStream opened) {
                    resets[0]++;
                    opened.reset(ErrorCode.NONE);
                }
            });
        }
        pair.talk();
        assertThat(resets[0]).isEqualTo(OpenQueue.MAX_WAITING);
        assertThat(pair.client.session.streamCount()).isEqualTo(OpenQueue.MAX_UNACKNOWLEDGED);
    }

    @Test
    void idsRunOutAtTheEndOf32Bits() {
        pair.close();
        pair = new YamuxPair(
                spec -> spec.pingInterval(Duration.ZERO), spec -> spec.pingInterval(Duration.ZERO), 0xFFFFFFFBL);
        assertThat(pair.client.open().id()).isEqualTo(0xFFFFFFFBL);
        assertThat(pair.client.open().id()).isEqualTo(0xFFFFFFFDL);
        assertThat(pair.client.open(new YamuxPair.Opened()).failure).isInstanceOf(ResourceLimitException.class);
        pair.talk();
        assertThat(pair.server.session.streamCount()).isEqualTo(2);
        assertThat(pair.server.accepted.get(1).id()).isEqualTo(0xFFFFFFFDL);
    }

    @Test
    void ourOwnStreamsAreLimitedToo() {
        pair.close();
        pair = new YamuxPair(spec -> spec.maxOutboundStreams(1));
        pair.client.open();
        assertThat(pair.client.open(new YamuxPair.Opened()).failure).isInstanceOf(ResourceLimitException.class);
    }

    @Test
    void aGoAwayEndsTheSession() {
        RecordingListener here = new RecordingListener(pair.client.open());
        pair.talk();
        pair.client.receive(new YamuxFrame.GoAway(0, 0));
        assertThat(here.error).isInstanceOfSatisfying(ConnectionClosedException.class, e -> {
            assertThat(e.remote()).isTrue();
            assertThat(e.code()).isEqualTo(ErrorCode.NONE);
        });
        assertThat(pair.client.session.goAwayCode()).isNegative();
    }

    @Test
    void streamsOfAListenerWithoutAcceptorAreReset() {
        pair.client.session.acceptStreams(null);
        MuxedStream stream = pair.server.open();
        RecordingListener here = new RecordingListener(stream);
        pair.talk();
        assertThat(here.error).isInstanceOf(StreamResetException.class);
        assertThat(stream.id()).isEqualTo(2);
    }

    @Test
    void aSilentPeerIsGivenUpAfterThirtyAndTenSeconds() {
        pair.close();
        pair = new YamuxPair(spec -> {});
        RecordingListener here = new RecordingListener(pair.client.open());
        pair.pass(29 * YamuxPair.SECOND);
        pair.server.socketWritable(false);
        pair.pass(10 * YamuxPair.SECOND);
        assertThat(pair.client.session.closeCause()).isNull();
        pair.pass(2 * YamuxPair.SECOND);
        assertThat(pair.client.session.closeCause()).isNotNull();
        assertThat(pair.client.session.closeCause().getCause()).isInstanceOf(YamuxException.class);
        assertThat(here.error).isInstanceOf(ConnectionClosedException.class);
    }

    @Test
    void aLivingPeerIsKeptForHours() {
        pair.close();
        pair = new YamuxPair(spec -> {});
        pair.pass(1_000 * YamuxPair.SECOND);
        assertThat(pair.client.session.closeCause()).isNull();
        assertThat(pair.client.sent.size()).isBetween(60, 70);
        assertThat(pair.client.session.rttNanos()).isPositive();
    }

    @Test
    void at50MillisecondsRoundTripTheWindowReaches16MiBInASecond() {
        pair.close();
        pair = new YamuxPair(spec -> {});
        pair.latency = 25 * YamuxPair.MILLI;
        MuxedStream stream = pair.client.open();
        new RecordingListener(stream) {
            @Override
            public void onWritable() {
                fill(stream);
            }
        };
        pair.pass(100 * YamuxPair.MILLI);
        assertThat(pair.server.session.rttNanos()).isEqualTo(50 * YamuxPair.MILLI);
        fill(stream);
        pair.pass(YamuxPair.SECOND);
        YamuxStream inbound = (YamuxStream) pair.server.accepted.get(0);
        assertThat(inbound.receiveWindow.size()).isEqualTo(16 << 20);
        long before = serverSide(0).received;
        pair.pass(YamuxPair.SECOND);
        assertThat(serverSide(0).received - before).isGreaterThan(280_000_000L);
    }

    private void fill(MuxedStream stream) {
        while (stream.isWritable()) {
            stream.write(zeros(64 * 1024));
        }
        stream.flush();
    }

    @Test
    void windowsOfAConnectionGrowWithinItsBudgetAndGiveItBack() {
        pair.close();
        pair = new YamuxPair(spec -> spec.maxWindowGrowth(300_000));
        pair.latency = 25 * YamuxPair.MILLI;
        for (int i = 0; i < 3; i++) {
            pair.client.open().write(zeros(1));
        }
        pair.pass(100 * YamuxPair.MILLI);
        pair.server.listeners.forEach(l -> assertThat(l.received).isEqualTo(1));
        growAll();
        int total = pair.server.accepted.stream()
                .mapToInt(s -> ((YamuxStream) s).receiveWindow.size() - INITIAL_WINDOW)
                .sum();
        assertThat(total).isEqualTo(300_000);
        pair.server.accepted.forEach(s -> s.reset(ErrorCode.NONE));
        pair.talk();
        assertThat(pair.server.session.takeUpdate(fullWindow())).isEqualTo(INITIAL_WINDOW / 2 + INITIAL_WINDOW);
    }

    private void growAll() {
        pair.server.accepted.forEach(s -> {
            ReceiveWindow window = ((YamuxStream) s).receiveWindow;
            window.onReceive(INITIAL_WINDOW / 2);
            s.consumed(INITIAL_WINDOW / 2);
        });
        pair.talk();
    }

    private ReceiveWindow fullWindow() {
        ReceiveWindow window = new ReceiveWindow(INITIAL_WINDOW, pair.now);
        window.onReceive(INITIAL_WINDOW / 2);
        window.consumed(INITIAL_WINDOW / 2);
        return window;
    }

    @Test
    void nothingIsSentWhileTheSocketTakesNothingAndTheWriterHearsWhenItDoes() {
        MuxedStream stream = pair.client.open();
        RecordingListener here = new RecordingListener(stream);
        pair.talk();
        pair.client.socketWritable(false);
        assertThat(stream.isWritable()).isFalse();
        pair.talk();
        assertThat(here.writables).isZero();
        pair.client.socketWritable(true);
        pair.talk();
        assertThat(here.writables).isEqualTo(1);
        assertThat(stream.isWritable()).isTrue();
    }

    @Test
    void listenersMayDoAnythingFromWithinAnything() {
        pair.server.session.acceptStreams(stream -> {
            RecordingListener listener = new RecordingListener(stream) {
                @Override
                public void onData(ByteBuf data) {
                    super.onData(data);
                    MuxedStream back = pair.server.open();
                    back.write(text("from within"));
                    back.flush();
                    stream.reset(ErrorCode.NONE);
                    back.closeWrite();
                }
            };
            pair.server.listeners.add(listener);
        });
        RecordingListener here = new RecordingListener(pair.client.open());
        here.stream.write(text("go"));
        pair.talk();
        assertThat(here.error).isInstanceOf(StreamResetException.class);
        assertThat(pair.client.listeners.get(0).receivedText()).isEqualTo("from within");
        assertThat(pair.client.listeners.get(0).ends).isEqualTo(1);
    }

    @Test
    void closingFromWithinDataStopsTheReading() {
        pair.server.session.acceptStreams(stream -> {
            new RecordingListener(stream) {
                @Override
                public void onData(ByteBuf data) {
                    super.onData(data);
                    pair.server.session.close(ErrorCode.SHUTDOWN);
                }
            };
            pair.server.accepted.add(stream);
        });
        MuxedStream one = pair.client.open();
        one.write(text("x"));
        RecordingListener two = new RecordingListener(pair.client.open());
        pair.talk();
        assertThat(pair.server.accepted).hasSize(1);
        assertThat(two.error).isInstanceOfSatisfying(ConnectionClosedException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.SHUTDOWN));
    }
}
