package io.reactivep2p.transport.memory;

import io.netty.channel.EventLoopGroup;
import io.netty.util.NettyRuntime;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocalThread;
import reactor.core.scheduler.NonBlocking;

/**
 * The event loops that all memory transports share unless told otherwise; made on first use, never shut down.
 *
 * <p>Loops without I/O, although Netty deprecates them: those on its {@code LocalIoHandler} sleep in a way that BlockHound takes for
 * blocking, and die of it.
 */
@SuppressWarnings("deprecation")
final class MemoryLoops {

    private static final EventLoopGroup SHARED =
            new io.netty.channel.DefaultEventLoopGroup(NettyRuntime.availableProcessors(), new LoopThreads());

    private MemoryLoops() {}

    static EventLoopGroup shared() {
        return SHARED;
    }

    private static final class LoopThreads extends DefaultThreadFactory {

        LoopThreads() {
            super("p2p-memory", true);
        }

        @Override
        protected Thread newThread(Runnable task, String name) {
            return new LoopThread(threadGroup, task, name);
        }
    }

    /** Reactor refuses to block on it. */
    private static final class LoopThread extends FastThreadLocalThread implements NonBlocking {

        LoopThread(ThreadGroup group, Runnable task, String name) {
            super(group, task, name);
        }
    }
}
