package io.reactivep2p.transport.tcp;

import io.netty.channel.ChannelPipeline;
import io.reactivep2p.transport.AddressResolver;
import io.reactivep2p.transport.netty.DnsAddressResolver;
import io.reactivep2p.transport.netty.EventLoops;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * How {@link Tcp} makes its connections; set through {@link TcpSpec}.
 *
 * @param connectTimeout of one IP
 * @param backlog connections that the kernel accepts before we do
 * @param receiveBuffer bytes of the socket's buffer, 0 leaves it to the kernel
 * @param sendBuffer bytes of the socket's buffer, 0 leaves it to the kernel
 * @param lowWaterMark bytes waiting at which a channel becomes writable again
 * @param highWaterMark bytes waiting above which it ceases to be
 * @param maxRead bytes that one read may take, the buffer's size follows what comes
 * @param portReuse dial from a port that is listened on
 * @param pipeline runs first on each new channel
 */
public record TcpOptions(
        Duration connectTimeout,
        int backlog,
        boolean noDelay,
        boolean keepAlive,
        int receiveBuffer,
        int sendBuffer,
        int lowWaterMark,
        int highWaterMark,
        int maxRead,
        boolean portReuse,
        EventLoops loops,
        AddressResolver resolver,
        Consumer<ChannelPipeline> pipeline) {

    /** go-libp2p's; js-libp2p gives a dial 10 s, rust-libp2p leaves it to the kernel. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** rust-libp2p's. */
    public static final int DEFAULT_BACKLOG = 1024;

    /** Four of the largest Noise frames: the writer comes back before the socket runs dry. */
    public static final int DEFAULT_LOW_WATER_MARK = 256 * 1024;

    /** Eight of the largest Noise frames. */
    public static final int DEFAULT_HIGH_WATER_MARK = 512 * 1024;

    /** Beyond it a larger buffer gains nothing on loopback. */
    public static final int DEFAULT_MAX_READ = 512 * 1024;

    static final TcpOptions DEFAULTS = new TcpOptions(
            DEFAULT_CONNECT_TIMEOUT,
            DEFAULT_BACKLOG,
            true,
            true,
            0,
            0,
            DEFAULT_LOW_WATER_MARK,
            DEFAULT_HIGH_WATER_MARK,
            DEFAULT_MAX_READ,
            true,
            EventLoops.shared(),
            DnsAddressResolver.shared(),
            channel -> {});
}
