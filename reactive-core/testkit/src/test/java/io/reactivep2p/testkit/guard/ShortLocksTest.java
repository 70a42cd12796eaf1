package io.reactivep2p.testkit.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.NonBlocking;

class ShortLocksTest {

    private Thread loopThread = new Thread();

    @Test
    void anEventLoopMayMeetAnotherThreadAtALock() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        PriorityBlockingQueue<Integer> queue = new PriorityBlockingQueue<>(11, whichWaits(held, leave));
        queue.add(1);
        Thread other = new Thread(() -> queue.add(2));
        other.start();
        assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();

        FutureTask<Boolean> loop = onEventLoop(() -> queue.offer(3));
        while (!queueIsWaitedFor(loop)) {
            Thread.onSpinWait();
        }
        leave.countDown();
        assertThat(loop.get(10, TimeUnit.SECONDS)).isTrue();
        other.join();
        assertThat(queue).containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void anEventLoopMustNotWaitForWhatIsToCome() {
        BlockingQueue<Integer> empty = new LinkedBlockingQueue<>();
        FutureTask<Integer> loop = onEventLoop(empty::take);
        // BlockHound's error, or the one of a lock that was lost on its way out
        assertThatThrownBy(() -> loop.get(10, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
    }

    /** Done with an error counts as well, so that the test ends and says it. */
    private boolean queueIsWaitedFor(FutureTask<?> loop) {
        return loopThread.getState() == Thread.State.WAITING || loop.isDone();
    }

    private static Comparator<Integer> whichWaits(CountDownLatch held, CountDownLatch leave) {
        return (a, b) -> {
            held.countDown();
            try {
                leave.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return a.compareTo(b);
        };
    }

    private <T> FutureTask<T> onEventLoop(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        loopThread = new LoopThread(task);
        loopThread.start();
        return task;
    }

    private static final class LoopThread extends Thread implements NonBlocking {

        LoopThread(Runnable task) {
            super(task, "loop");
        }
    }
}
