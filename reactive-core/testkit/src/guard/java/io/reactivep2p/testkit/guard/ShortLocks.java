package io.reactivep2p.testkit.guard;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets others' short locks be: where two event loops meet at one, one of them parks for an instant, and an error thrown out of the
 * middle of it would be about that library's choice, not about our code.
 *
 * <ul>
 *   <li>Netty's adaptive allocator, when it grows;
 *   <li>the queue of {@code VirtualTimeScheduler}, on which event loops put their time limits while a test moves the clock.
 * </ul>
 */
public final class ShortLocks implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "allocate")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Magazine", "free")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Chunk", "deallocate")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Chunk", "release");
        for (String method : new String[] {"offer", "peek", "poll", "remove", "clear", "isEmpty", "size"}) {
            builder.allowBlockingCallsInside("java.util.concurrent.PriorityBlockingQueue", method);
        }
    }
}
