package io.reactivep2p.testkit.guard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What Netty's leak detector found. Netty only logs a leak, and only when the next buffer is made after the garbage collector happened
 * to find it; {@link #collect()} makes both happen now.
 *
 * <p>Each collection leaks a buffer of its own, the canary, and waits until that one is reported: so a collection that returns has
 * really looked, and a run in which the detector does not work fails instead of passing for clean.
 */
public final class LeakLog {

    private static final String CANARY = "canary of the leak check, number ";
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final AtomicLong CANARIES = new AtomicLong();
    private static final Queue<String> REPORTS = new ConcurrentLinkedQueue<>();

    /** Buffers that are not released, but for canaries. */
    private static final AtomicInteger OPEN = new AtomicInteger();

    private static volatile boolean proved;

    private LeakLog() {}

    /** Takes part in leak detection from now on; to be called before the first buffer is made. Idempotent. */
    public static void install() {
        if (!(ResourceLeakDetectorFactory.instance() instanceof RecordingFactory)) {
            if (System.getProperty("io.netty.leakDetection.level") == null) {
                ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
            }
            ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new RecordingFactory());
        }
    }

    /**
     * As {@link #collect()}, where any buffer is not released; else none has leaked, and no garbage is collected, but for once in each JVM,
     * to prove that leaks are detected.
     */
    public static List<String> collectIfAnyIsOpen() {
        return OPEN.get() > 0 || !proved ? collect() : List.of();
    }

    /**
     * Collects garbage and returns the leaks found since the last time. Blocks for some tens of milliseconds.
     *
     * @throws IllegalStateException if leak detection does not work in this JVM
     */
    public static List<String> collect() {
        // Two rounds: references of one collection are handed over in no particular order, but all before those of the
        // next.
        awaitCanary();
        awaitCanary();
        proved = true;
        List<String> leaks = new ArrayList<>();
        for (String report = REPORTS.poll(); report != null; report = REPORTS.poll()) {
            if (!report.contains(CANARY)) {
                leaks.add(report);
            }
        }
        return leaks;
    }

    private static void awaitCanary() {
        String canary = CANARY + CANARIES.incrementAndGet() + ";";
        leak(canary);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        System.gc();
        for (int look = 1; REPORTS.stream().noneMatch(report -> report.contains(canary)); look++) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        "the leak detector did not report a buffer leaked on purpose: its level is "
                                + ResourceLeakDetector.getLevel() + ", its factory "
                                + ResourceLeakDetectorFactory.instance());
            }
            LockSupport.parkNanos(200_000);
            if (look % 50 == 0) {
                System.gc();
            }
            ByteBufAllocator.DEFAULT.buffer(1).release(); // makes the detector report
        }
    }

    private static void leak(String canary) {
        ByteBuf unused = ByteBufAllocator.DEFAULT.buffer(1).touch(canary);
        assert unused.refCnt() == 1;
        OPEN.decrementAndGet();
    }

    private static final class RecordingFactory extends ResourceLeakDetectorFactory {

        @Override
        @SuppressWarnings("deprecation") // the old sibling of the method below; Netty still declares it abstract
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return new RecordingDetector<>(resource, samplingInterval);
        }

        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
            return new RecordingDetector<>(resource, samplingInterval);
        }
    }

    private static final class RecordingDetector<T> extends ResourceLeakDetector<T> {

        RecordingDetector(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        public @Nullable ResourceLeakTracker<T> track(T buffer) {
            return Open.count(super.track(buffer));
        }

        @Override
        public @Nullable ResourceLeakTracker<T> trackForcibly(T buffer) {
            return Open.count(super.trackForcibly(buffer));
        }

        @Override
        protected boolean needReport() {
            return true; // whatever the log level
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            REPORTS.add(resourceType + " was not released. Where it was used:" + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            REPORTS.add(resourceType
                    + " was not released; run with -Dio.netty.leakDetection.level=paranoid to see where it was used");
        }
    }

    /** A buffer that is counted until it is released. */
    private record Open<T>(ResourceLeakTracker<T> tracker) implements ResourceLeakTracker<T> {

        static <T> @Nullable ResourceLeakTracker<T> count(@Nullable ResourceLeakTracker<T> tracker) {
            if (tracker == null) {
                return null; // leak detection is off
            }
            OPEN.incrementAndGet();
            return new Open<>(tracker);
        }

        @Override
        public void record() {
            tracker.record();
        }

        @Override
        public void record(Object hint) {
            tracker.record(hint);
        }

        @Override
        public boolean close(T buffer) {
            boolean closed = tracker.close(buffer);
            if (closed) {
                OPEN.decrementAndGet();
            }
            return closed;
        }

        @Override
        public @Nullable Throwable getCloseStackTraceIfAny() {
            return tracker.getCloseStackTraceIfAny();
        }
    }
}
