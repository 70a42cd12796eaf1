package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.testing.FakeMuxedStream;
import io.reactivep2p.testing.ManualEventExecutor;
import io.reactivep2p.testing.TrackingAllocator;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.SignalType;

/** One stream over a fake muxer, on the test's thread; fails the test for a leaked buffer or a dropped error. */
final class StreamFixture {

    static final ProtocolId PROTOCOL = ProtocolId.of("/test/1.0.0");

    static final Connection CONNECTION = (Connection) Proxy.newProxyInstance(
            Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    final ManualEventExecutor executor = new ManualEventExecutor();
    final TrackingAllocator allocator = new TrackingAllocator();
    final FakeMuxedStream muxed = new FakeMuxedStream(executor, Direction.OUTBOUND);
    final List<Throwable> dropped = Collections.synchronizedList(new ArrayList<>());
    int gone;
    final DefaultProtocolStream stream;

    StreamFixture() {
        Hooks.onErrorDropped(dropped::add);
        stream = DefaultProtocolStream.create(CONNECTION, PROTOCOL, muxed, () -> gone++, allocator);
    }

    void remoteSends(String text) {
        muxed.remoteSends(allocator.of(text));
    }

    ByteBuf bytes(String text) {
        return allocator.of(text);
    }

    void runTasks() {
        executor.runTasks();
    }

    /** What the stream was given to write, in one string. */
    String sent() {
        return String.join("", muxed.written());
    }

    void verify() {
        try {
            stream.dispose();
            executor.runTasks();
            allocator.assertAllReleased();
            assertThat(dropped).as("dropped errors").isEmpty();
        } finally {
            Hooks.resetOnErrorDropped();
        }
    }

    /** Runs {@code action} on another thread, to its end. */
    static void elsewhere(Runnable action) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (Throwable thrown) {
                failure.set(thrown);
            }
        });
        thread.start();
        try {
            thread.join(10_000);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        assertThat(failure.get()).isNull();
        assertThat(thread.isAlive()).isFalse();
    }

    /** A subscriber that requests nothing by itself and writes down what it sees. */
    static final class Recorder<T> extends BaseSubscriber<T> {

        final List<String> received = new ArrayList<>();
        int completions;
        Throwable error;
        /** Called in each onNext, after it is written down. */
        Consumer<T> onNext = element -> {};

        Subscription subscription;

        @Override
        protected void hookOnSubscribe(Subscription upstream) {
            subscription = upstream;
        }

        @Override
        protected void hookOnNext(T element) {
            received.add(element instanceof ByteBuf data ? data.toString(StandardCharsets.UTF_8) : element.toString());
            onNext.accept(element);
        }

        @Override
        protected void hookOnComplete() {
            completions++;
        }

        @Override
        protected void hookOnError(Throwable cause) {
            if (error != null) {
                throw new AssertionError("a second error", cause);
            }
            error = cause;
        }

        @Override
        protected void hookFinally(SignalType type) {}

        boolean isOver() {
            return completions > 0 || error != null;
        }
    }
}
