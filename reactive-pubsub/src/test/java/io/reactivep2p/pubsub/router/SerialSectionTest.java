package io.reactivep2p.pubsub.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class SerialSectionTest {

    private final List<String> log = new ArrayList<>();

    @Test
    void aTaskThatMeetsNobodyRunsAtOnceAndThenTheTurnEnds() {
        SerialSection section = new SerialSection(Schedulers.parallel(), () -> log.add("end"));

        section.execute(() -> log.add("task"));

        assertThat(log).containsExactly("task", "end");
    }

    @Test
    void aTaskBroughtByATaskRunsBehindIt() {
        SerialSection section = new SerialSection(Schedulers.parallel(), () -> log.add("end"));

        section.execute(() -> {
            section.execute(() -> log.add("inner"));
            log.add("outer");
        });

        assertThat(log).containsExactly("outer", "inner", "end");
    }

    @Test
    void aTaskBroughtByTheEndOfATurnRuns() {
        AtomicInteger ends = new AtomicInteger();
        SerialSection[] section = new SerialSection[1];
        section[0] = new SerialSection(Schedulers.parallel(), () -> {
            if (ends.getAndIncrement() == 0) {
                section[0].execute(() -> log.add("late"));
            }
        });

        section[0].execute(() -> log.add("task"));

        assertThat(log).containsExactly("task", "late");
        assertThat(ends).hasValue(2);
    }

    @Test
    void aTaskThatThrowsDoesNotStopTheOthers() {
        SerialSection section = new SerialSection(Schedulers.parallel(), () -> {});

        section.execute(() -> {
            section.execute(() -> log.add("next"));
            throw new IllegalStateException("on purpose");
        });

        assertThat(log).containsExactly("next");
    }

    @Test
    void aThreadThatHasDoneEnoughLeavesTheRestToTheScheduler() {
        Thread caller = Thread.currentThread();
        List<Thread> threads = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        SerialSection section = new SerialSection(Schedulers.single(), () -> {});

        section.execute(() -> {
            IntStream.range(0, 2 * SerialSection.TURN_TASKS)
                    .forEach(i -> section.execute(() -> threads.add(Thread.currentThread())));
            section.execute(done::countDown);
        });

        assertThat(await(done)).isTrue();
        assertThat(threads).hasSize(2 * SerialSection.TURN_TASKS);
        assertThat(threads.stream().filter(caller::equals)).hasSize(SerialSection.TURN_TASKS - 1);
    }

    @Test
    void whateverThreadsBringRunsOnceEachAndNeverAtTheSameTime() {
        int threads = 4;
        int each = 5_000;
        AtomicInteger inside = new AtomicInteger();
        int[] count = new int[1];
        int[] overlaps = new int[1];
        CountDownLatch done = new CountDownLatch(threads * each);
        SerialSection section = new SerialSection(Schedulers.parallel(), () -> {});
        Runnable task = () -> {
            overlaps[0] += inside.getAndIncrement();
            count[0]++;
            inside.decrementAndGet();
            done.countDown();
        };

        Flux.range(0, threads)
                .flatMap(thread -> Mono.fromRunnable(
                                () -> IntStream.range(0, each).forEach(i -> section.execute(task)))
                        .subscribeOn(Schedulers.boundedElastic()))
                .blockLast();

        assertThat(await(done)).isTrue();
        assertThat(count[0]).isEqualTo(threads * each);
        assertThat(overlaps[0]).isZero();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
