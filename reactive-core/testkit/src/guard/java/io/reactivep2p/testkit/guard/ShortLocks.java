package io.reactivep2p.testkit.guard;

import java.util.List;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets others' short locks be: where two event loops meet at one, one of them parks for an instant, and an error thrown out of the
 * middle of it would be about that library's choice, not about our code.
 *
 * <ul>
 *   <li>Netty's adaptive allocator, when it grows;
 *   <li>the JDK's queues, when something is put into one or taken back: those behind Reactor's timed schedulers, behind {@code
 *       VirtualTimeScheduler}, and those with which tests collect what event loops tell them. Waiting for such a queue stays forbidden.
 * </ul>
 */
public final class ShortLocks implements BlockHoundIntegration {

    private static final List<String> QUEUES = List.of(
            "java.util.concurrent.LinkedBlockingQueue",
            "java.util.concurrent.PriorityBlockingQueue",
            "java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue");

    private static final List<String> NOT_WAITING =
            List.of("add", "offer", "peek", "remove", "clear", "isEmpty", "size");

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "allocate")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Magazine", "free")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Chunk", "deallocate")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Chunk", "release");
        for (String queue : QUEUES) {
            for (String method : NOT_WAITING) {
                builder.allowBlockingCallsInside(queue, method);
            }
        }
        // the name also covers the poll that waits, which nobody is known to call there
        builder.allowBlockingCallsInside("java.util.concurrent.PriorityBlockingQueue", "poll")
                .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "addWorker");
    }
}
