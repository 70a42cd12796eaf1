package io.reactivep2p.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.util.NettyRuntime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.netty.resources.LoopResources;

class EventLoopsTest {

    @Test
    void theSharedLoopsAreDaemonsOnePerCore() throws Exception {
        assertThat(EventLoops.shared()).isSameAs(EventLoops.shared());
        assertThat(EventLoops.shared().connections()).hasSize(NettyRuntime.availableProcessors());
        Thread thread =
                EventLoops.shared().connections().submit(Thread::currentThread).get();
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).startsWith("p2p-" + (Epoll.isAvailable() ? "epoll" : ""));
    }

    @Test
    void nativeChannelsAreForWhereTheyAreAndWanted() {
        LoopResources resources = LoopResources.create("loops-test", 1, 1, true, false);
        try {
            String usual =
                    EventLoops.of(resources).sockets().newChannel().getClass().getSimpleName();
            assertThat(usual).isEqualTo(Epoll.isAvailable() ? "EpollSocketChannel" : "NioSocketChannel");
            assertThat(EventLoops.of(resources, false)
                            .sockets()
                            .newChannel()
                            .getClass()
                            .getSimpleName())
                    .isEqualTo("NioSocketChannel");
        } finally {
            resources.disposeLater(Duration.ZERO, Duration.ofSeconds(1)).block(Duration.ofSeconds(10));
        }
    }
}
