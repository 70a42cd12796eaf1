package io.reactivep2p.muxer.mplex;

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
class MplexFuzzTest {

    private static final int MAX_STREAMS = 8;
    private static final int STREAM_BUFFER = 200;
    private static final int CONNECTION_BUFFER = 800;

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
            for (int i = 0; i < bytes.length; i++) {
                if (random.nextBoolean()) {
                    bytes[i] &= 0x0f; // short varints, so that frames end
                }
            }
            bytesAreSurvived(bytes, 1 + random.nextInt(40), "seed " + seed + " round " + round);
        }
    }

    private static void bytesAreSurvived(byte[] bytes, int cut, String description) {
        MplexPair pair = new MplexPair();
        for (int at = 0; at < bytes.length; at += cut) {
            pair.server.session.onBytes(
                    pair.tracked(Unpooled.buffer().writeBytes(bytes, at, Math.min(cut, bytes.length - at))), pair.now);
            pair.server.drain();
        }
        assertThat(pair.server.session.streamCount()).as(description).isLessThanOrEqualTo(bytes.length / 2);
        pair.close();
    }

    private static void survives(Choices choices, String description) {
        MplexPair pair = new MplexPair(spec -> spec.maxInboundStreams(MAX_STREAMS)
                .maxOutboundStreams(MAX_STREAMS)
                .maxStreamBuffer(STREAM_BUFFER)
                .maxConnectionBuffer(CONNECTION_BUFFER)
                .lingerTime(Duration.ofSeconds(20)));
        MplexPair.End end = pair.server;
        end.session.acceptStreams(stream -> act(pair, stream, choices));
        while (choices.more() && end.session.closeCause() == null) {
            switch (choices.number(0, 7)) {
                case 0 -> end.drain();
                case 1 -> end.socketWritable(choices.number(0, 1) == 1);
                case 2 -> {
                    pair.now += choices.number(0, 1_000_000_000) * 10L;
                    end.session.onTimeout(pair.now);
                }
                case 3 -> {
                    if (end.session.streamCount() < MAX_STREAMS) {
                        act(pair, end.session.open(), choices);
                    }
                }
                default -> frame(pair, choices);
            }
            assertThat(end.session.streamCount()).as(description).isLessThanOrEqualTo(2 * MAX_STREAMS);
            assertThat(end.session.unconsumed())
                    .as(description)
                    .isBetween(0L, (long) CONNECTION_BUFFER + ReceiveBudget.OVERRUN);
            if (!end.session.wantsBytes()) {
                assertThat(end.session.nextTimeoutNanos())
                        .as("%s: whoever stops the reading is under a time limit", description)
                        .isNotEqualTo(MplexSession.NEVER);
            }
        }
        pair.close();
        assertThat(end.session.streamCount()).as(description).isZero();
        assertThat(end.session.unconsumed()).as(description).isZero();
    }

    private static void frame(MplexPair pair, Choices choices) {
        ByteBuf bytes = pair.tracked(Unpooled.buffer());
        int flag = choices.number(0, 40) == 0 ? 7 : choices.number(0, 6);
        int length = flag >= MplexFrameCodec.CLOSE_RECEIVER && choices.number(0, 40) != 0 ? 0 : choices.number(0, 300);
        MplexFrameCodec.write(flag, choices.number(0, 12), length, bytes);
        bytes.writeZero(length);
        int cut = choices.number(0, bytes.readableBytes());
        pair.server.session.onBytes(bytes.readRetainedSlice(cut), pair.now);
        pair.server.session.onBytes(bytes, pair.now);
    }

    /** What a listener may come to do, from within the calls it gets. */
    private static void act(MplexPair pair, MuxedStream stream, Choices choices) {
        int what = choices.number(0, 9);
        int bytes = choices.number(0, 3) * 70_000;
        if (what == 9) {
            return; // nobody listens
        }
        RecordingListener listener = new RecordingListener(stream) {
            @Override
            public void onData(ByteBuf data) {
                super.onData(data);
                if (what == 1) {
                    stream.reset(ErrorCode.RATE_LIMITED);
                } else if (what == 2) {
                    stream.closeRead();
                } else if (what == 3) {
                    throw new IllegalStateException("planted");
                } else if (what == 4) {
                    stream.closeWrite();
                }
            }

            @Override
            public void onEnd() {
                super.onEnd();
                stream.closeWrite();
            }

            @Override
            public void onWritable() {
                super.onWritable();
                if (what == 5) {
                    stream.write(pair.zeros(10));
                }
            }
        };
        listener.consuming = what < 6;
        if (what == 7) {
            stream.closeRead();
            stream.closeWrite();
        }
        if (bytes > 0) {
            stream.write(pair.zeros(bytes));
        }
    }
}
