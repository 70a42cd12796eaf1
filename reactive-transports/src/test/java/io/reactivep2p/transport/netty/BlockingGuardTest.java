package io.reactivep2p.transport.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.reactivep2p.testkit.guard.BlockingGuardContract;
import java.util.stream.Stream;

class BlockingGuardTest implements BlockingGuardContract {

    @Override
    public Stream<EventLoopGroup> moreLoops() {
        return Epoll.isAvailable()
                ? Stream.of(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
                : Stream.empty();
    }
}
