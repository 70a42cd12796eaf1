package io.reactivep2p.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.muxer.MuxedStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A {@link RecordingStream} on a real event loop, asked from the test's thread. */
final class LoopStream {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Polls without a byte more. */
    private static final int STANDSTILL = 10;

    private final RecordingStream recording;

    /** On the event loop. */
    LoopStream(MuxedStream stream) {
        this.recording = new RecordingStream(stream);
    }

    /** What {@code question} gives on the event loop. */
    <T> T ask(Function<RecordingStream, T> question) {
        return on(recording.stream.executor(), () -> question.apply(recording));
    }

    boolean is(Predicate<RecordingStream> condition) {
        return on(recording.stream.executor(), () -> condition.test(recording));
    }

    long number(ToLongFunction<RecordingStream> question) {
        return on(recording.stream.executor(), () -> question.applyAsLong(recording));
    }

    @Nullable
    Object error() {
        return on(recording.stream.executor(), () -> Optional.ofNullable(recording.error))
                .orElse(null);
    }

    void tell(Consumer<RecordingStream> order) {
        ask(asked -> {
            order.accept(asked);
            return true;
        });
    }

    void await(String what, Predicate<RecordingStream> condition) {
        Awaitility.await(what)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(PATIENCE)
                .until(() -> ask(condition::test));
    }

    /**
     * Writes while the stream takes more, at most {@code limit} bytes, until it has not for a second: what was lost on the way may have to
     * go again. Returns how many.
     */
    long writeUntilStalled(long limit) {
        long before = number(asked -> asked.sent);
        long[] last = {-1};
        int[] still = {0};
        Awaitility.await("a standstill")
                .atMost(PATIENCE.multipliedBy(3))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    writeSome(before, limit);
                    long sent = number(asked -> asked.sent);
                    still[0] = sent == last[0] ? still[0] + 1 : 0;
                    last[0] = sent;
                    return still[0] >= STANDSTILL || sent - before == limit;
                });
        return last[0] - before;
    }

    /** Many short turns: the event loop has more to do. */
    private void writeSome(long before, long limit) {
        for (int turn = 0; turn < 200; turn++) {
            long wrote = ask(asked -> {
                long rest = limit - (asked.sent - before);
                return asked.writeWhileWritable(Math.min(rest, 128 * 1024), () -> {});
            });
            if (wrote == 0) {
                return;
            }
        }
    }

    static <T> T on(EventExecutor executor, Callable<T> task) {
        try {
            return executor.submit(task).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    static void eventually(Runnable assertion) {
        Awaitility.await().atMost(PATIENCE).untilAsserted(assertion::run);
    }

    static void assertQuiet(LoopStream... streams) {
        for (LoopStream stream : streams) {
            assertThat(stream.number(asked -> asked.calledAfterLast))
                    .describedAs("calls after the last")
                    .isZero();
        }
    }
}
