package io.reactivep2p.testkit.guard;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets others' short locks be: where two event loops meet at one, one of them parks for an instant, and an error thrown out of the
 * middle of it would be about that library's choice, not about our code.
 *
 * <ul>
 *   <li>Netty's adaptive allocator, when it grows;
 *   <li>a {@code ReentrantLock}, as the JDK's queues and executors have it: those behind Reactor's timed schedulers, behind {@code
 *       VirtualTimeScheduler}, and those with which tests collect what event loops tell them. It is no more than {@code synchronized},
 *       which goes unseen anyway. Waiting on its conditions stays forbidden.
 * </ul>
 */
public final class ShortLocks implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "allocate")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Magazine", "free")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Chunk", "deallocate")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Chunk", "release")
                .allowBlockingCallsInside("java.util.concurrent.locks.ReentrantLock", "lock");
    }
}
