package io.reactivep2p.muxer.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.muxer.Choices;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.RecordingListener;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever arrives: the session goes on or closes with a reason, keeps within its bounds and releases every buffer. */
class YamuxFuzzTest {

    private static final int MAX_STREAMS = 8;

    @FuzzTest
    void anyConversationIsSurvived(FuzzedDataProvider data) {
        survives(Choices.of(data), "fuzzed");
    }

    @FuzzTest
    void anyBytesAreSurvived(FuzzedDataProvider data) {
        int cut = data.consumeInt(1, 64);
        bytesAreSurvived(data.consumeRemainingAsBytes(), cut, "fuzzed");
    }

    @Test
    void randomConversationsAreSurvived() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            survives(Choices.of(random), "seed " + seed + " round " + round);
        }
    }

    @Test
    void randomBytesAreSurvived() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            if (bytes.length > 1) {
                bytes[0] = 0;
                bytes[1] &= 3;
            }
            bytesAreSurvived(bytes, 1 + random.nextInt(40), "seed " + seed + " round " + round);
        }
    }

    private static void bytesAreSurvived(byte[] bytes, int cut, String description) {
        YamuxPair pair = new YamuxPair();
        for (int at = 0; at < bytes.length; at += cut) {
            pair.server.session.onBytes(
                    pair.tracked(Unpooled.copiedBuffer(bytes, at, Math.min(cut, bytes.length - at))), pair.now);
            pair.server.drain();
        }
        if (pair.server.session.closeCause() == null) {
            assertThat(pair.server.session.streamCount()).as(description).isLessThanOrEqualTo(bytes.length / 12);
        }
        pair.close();
    }

    private static void survives(Choices choices, String description) {
        YamuxPair pair = new YamuxPair(spec -> spec.pingInterval(Duration.ofSeconds(1))
                .maxInboundStreams(MAX_STREAMS)
                .maxOutboundStreams(MAX_STREAMS));
        YamuxPair.End end = pair.server;
        end.session.acceptStreams(stream -> act(pair, stream, choices.number(0, 9), choices.number(0, 3) * 70_000));
        while (choices.more() && end.session.closeCause() == null) {
            switch (choices.number(0, 7)) {
                case 0 -> end.drain();
                case 1 -> end.socketWritable(choices.number(0, 1) == 1);
                case 2 -> {
                    pair.now += choices.number(0, 1_000_000_000);
                    end.session.onTimeout(pair.now);
                }
                case 3 -> {
                    YamuxPair.Opened opened = end.open(new YamuxPair.Opened());
                    if (opened.stream != null) {
                        act(pair, opened.stream, choices.number(0, 9), choices.number(0, 3) * 70_000);
                    }
                }
                default -> frame(pair, choices);
            }
            assertThat(end.session.streamCount()).as(description).isLessThanOrEqualTo(2 * MAX_STREAMS);
        }
        pair.close();
        assertThat(end.session.streamCount()).as(description).isZero();
    }

    private static void frame(YamuxPair pair, Choices choices) {
        ByteBuf bytes = pair.tracked(Unpooled.buffer());
        int type = choices.number(0, 20) == 0 ? choices.number(0, 255) : choices.number(0, 2);
        int length = choices.number(0, 9) == 0
                ? choices.number(Integer.MIN_VALUE, Integer.MAX_VALUE)
                : choices.number(0, 300);
        YamuxFrameCodec.writeHeader(bytes, type, choices.number(0, 15), choices.number(0, 12), length);
        if (type == YamuxFrameCodec.DATA && length > 0 && length < 1_000) {
            bytes.writeZero(length);
        }
        int cut = choices.number(0, bytes.readableBytes());
        pair.server.session.onBytes(bytes.readRetainedSlice(cut), pair.now);
        pair.server.session.onBytes(bytes, pair.now);
    }

    /** What a listener may come to do, from within the calls it gets. */
    private static void act(YamuxPair pair, MuxedStream stream, int what, int bytes) {
        RecordingListener listener = new RecordingListener(stream) {
            @Override
            public void onData(ByteBuf data) {
                super.onData(data);
                if (what == 1) {
                    stream.reset(ErrorCode.RATE_LIMITED);
                } else if (what == 2) {
                    stream.closeRead();
                    stream.closeWrite();
                } else if (what == 3) {
                    throw new IllegalStateException("planted");
                }
            }

            @Override
            public void onWritable() {
                // The peer may have granted gigabytes.
                if (++writables <= 3) {
                    stream.write(pair.zeros(bytes));
                }
            }

            @Override
            public void onEnd() {
                stream.closeWrite();
            }
        };
        listener.consuming = what % 2 == 0;
        stream.write(pair.zeros(bytes));
        if (what == 4) {
            stream.closeWrite();
        } else if (what == 5) {
            stream.closeRead();
        } else if (what == 6) {
            stream.reset(ErrorCode.NONE);
        }
    }
}
