package io.reactivep2p.testkit.guard;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets Netty's adaptive allocator take its own short locks. When two event loops grow it at the same time one parks for an instant, and
 * an error thrown out of the middle of an allocation would be about Netty's choice, not about our code.
 */
public final class AllocatorLocks implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "allocate")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Magazine", "free")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Chunk", "deallocate")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Chunk", "release");
    }
}
