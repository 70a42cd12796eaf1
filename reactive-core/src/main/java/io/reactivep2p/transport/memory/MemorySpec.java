package io.reactivep2p.transport.memory;

import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What can be chosen about {@link Memory}. */
public final class MemorySpec {

    private @Nullable EventLoopGroup loops;
    private Consumer<ChannelPipeline> pipeline = channel -> {};

    MemorySpec() {}

    /**
     * The event loops of the connections, which must be able to run local channels: a {@link io.netty.channel.DefaultEventLoopGroup}
     * for one. They stay the caller's to shut down. Default: daemon threads shared by the JVM, one per core.
     */
    public MemorySpec loops(EventLoopGroup loops) {
        this.loops = loops;
        return this;
    }

    /** Runs first on each new channel, dialed or accepted: its handlers sit between the wire and all layers. */
    public MemorySpec pipeline(Consumer<ChannelPipeline> pipeline) {
        this.pipeline = pipeline;
        return this;
    }

    EventLoopGroup loops() {
        return loops == null ? MemoryLoops.shared() : loops;
    }

    Consumer<ChannelPipeline> pipeline() {
        return pipeline;
    }
}
