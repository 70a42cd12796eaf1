package io.reactivep2p.testkit.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Proves that a blocking call where none is allowed fails the tests of the module that implements this. */
public interface BlockingGuardContract {

    /** Event loops beyond those every module has, for example native ones. */
    default Stream<EventLoopGroup> moreLoops() {
        return Stream.empty();
    }

    @TestFactory
    @SuppressWarnings("deprecation") // the loop without I/O is what the memory transport runs on
    default Stream<DynamicTest> blockingIsRefusedOnEventLoops() {
        return Stream.concat(
                        Stream.of(
                                new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()),
                                new io.netty.channel.DefaultEventLoopGroup(1)),
                        moreLoops())
                .map(group -> DynamicTest.dynamicTest(group.next().toString(), () -> refusedOn(group)));
    }

    @Test
    default void blockingIsRefusedOnTheParallelScheduler() {
        Mono<Void> blocking =
                Mono.<Void>fromRunnable(BlockingGuardContract::block).subscribeOn(Schedulers.parallel());
        assertThatThrownBy(() -> blocking.block(java.time.Duration.ofSeconds(10)))
                .hasRootCauseInstanceOf(BlockingOperationError.class);
    }

    @Test
    default void blockingIsAllowedOnTheTestThread() {
        assertThatCode(BlockingGuardContract::block).doesNotThrowAnyException();
    }

    private static void refusedOn(EventLoopGroup group) {
        try {
            Callable<Boolean> blocking = () -> {
                block();
                return true;
            };
            assertThatThrownBy(() -> group.next().submit(blocking).get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(BlockingOperationError.class);
        } finally {
            assertThat(group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    private static void block() {
        try {
            // never counted down: really blocks
            boolean counted = new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS);
            assertThat(counted).isFalse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
