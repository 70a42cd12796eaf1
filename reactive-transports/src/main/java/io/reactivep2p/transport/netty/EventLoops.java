package io.reactivep2p.transport.netty;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.NettyRuntime;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.Map;
import reactor.netty.resources.LoopResources;

/**
 * The threads that connections run on, from reactor-netty's {@link LoopResources}, and the kind of channel that fits them: the
 * platform's native one (epoll, kqueue) where its library is present, else NIO.
 *
 * <p>reactor-netty prefers io_uring whenever its jar is on the class path. Here that is the user's choice alone: with such a jar
 * present, native channels are off unless asked for.
 */
public final class EventLoops {

    private static final String IO_URING = "io.netty.channel.uring.IoUring";

    private final LoopResources resources;
    private final boolean preferNative;

    private EventLoops(LoopResources resources, boolean preferNative) {
        this.resources = resources;
        this.preferNative = preferNative;
    }

    /** Those that the JVM shares: daemon threads {@code p2p-...}, one per core, made on first use and never shut down. */
    public static EventLoops shared() {
        return Shared.LOOPS;
    }

    /** Given threads, native where possible but never io_uring. They stay the caller's to dispose. */
    public static EventLoops of(LoopResources resources) {
        return of(resources, LoopResources.hasNativeSupport() && !isIoUringPresent());
    }

    /** Given threads; {@code preferNative} takes what reactor-netty finds, io_uring first. They stay the caller's to dispose. */
    public static EventLoops of(LoopResources resources, boolean preferNative) {
        return new EventLoops(resources, preferNative);
    }

    private static boolean isIoUringPresent() {
        try {
            Class.forName(IO_URING, false, EventLoops.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** For server channels. */
    public EventLoopGroup acceptors() {
        return resources.onServerSelect(preferNative);
    }

    /**
     * For connections, dialed and accepted alike, which take the loops in turn. Not the loop of whoever dials, as reactor-netty's
     * clients do: a node that dials from one of its connections would pile all others onto that core.
     */
    public EventLoopGroup connections() {
        return resources.onServer(preferNative);
    }

    public ChannelFactory<SocketChannel> sockets() {
        EventLoopGroup group = connections();
        return () -> resources.onChannel(SocketChannel.class, group);
    }

    public ChannelFactory<DatagramChannel> datagrams() {
        EventLoopGroup group = connections();
        return () -> resources.onChannel(DatagramChannel.class, group);
    }

    /** Datagram channels for binding to {@code ip}, of its IP version; see {@link #datagramOptions}. */
    public ChannelFactory<DatagramChannel> datagrams(InetAddress ip) {
        EventLoopGroup group = connections();
        SocketProtocolFamily family =
                ip instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        Class<?> channel = resources.onChannelClass(DatagramChannel.class, group);
        if (channel == NioDatagramChannel.class) {
            return () -> new NioDatagramChannel(family);
        }
        if (isEpoll(channel)) {
            return () -> Linux.datagramSocket(family);
        }
        return () -> resources.onChannel(DatagramChannel.class, group);
    }

    /** The options that keep a datagram channel bound to {@code ip} to that IP version, as {@link #serverOptions}. */
    public Map<ChannelOption<?>, Object> datagramOptions(InetAddress ip) {
        Class<?> channel = resources.onChannelClass(DatagramChannel.class, connections());
        return ip instanceof Inet6Address && isEpoll(channel) ? Linux.IP6_ONLY : Map.of();
    }

    /** Server channels for binding to {@code ip}; an IPv4 one takes no IPv6 connections. */
    public ChannelFactory<ServerChannel> serverSockets(InetAddress ip) {
        EventLoopGroup group = acceptors();
        Class<?> channel = resources.onChannelClass(ServerSocketChannel.class, group);
        // Left undecided, both bind the unspecified IPv4 address as [::].
        if (ip instanceof Inet4Address && channel == NioServerSocketChannel.class) {
            return () -> new NioServerSocketChannel(SelectorProvider.provider(), SocketProtocolFamily.INET);
        }
        if (ip instanceof Inet4Address && isEpoll(channel)) {
            return Linux::ip4ServerSocket;
        }
        return () -> resources.onChannel(ServerSocketChannel.class, group);
    }

    /**
     * The options that keep a server channel bound to {@code ip} to that IP version. There is one for Linux' epoll only: the JDK
     * always binds {@code [::]} for both versions, and the port is then taken for IPv4 as well.
     */
    public Map<ChannelOption<?>, Object> serverOptions(InetAddress ip) {
        Class<?> channel = resources.onChannelClass(ServerSocketChannel.class, acceptors());
        return ip instanceof Inet6Address && isEpoll(channel) ? Linux.IP6_ONLY : Map.of();
    }

    /**
     * The options with which a socket shares its port with others of this process that have them, too: for dialing from a port that is
     * listened on. With epoll only; none elsewhere.
     */
    public Map<ChannelOption<?>, Object> portSharing() {
        Class<?> channel = resources.onChannelClass(ServerSocketChannel.class, acceptors());
        return isEpoll(channel) ? Linux.PORT_SHARING : Map.of();
    }

    private static boolean isEpoll(Class<?> channel) {
        return channel.getSimpleName().startsWith("Epoll");
    }

    /** Loaded only with epoll. */
    private static final class Linux {
        private static final int IPPROTO_IPV6 = 41;
        private static final int IPV6_V6ONLY = 26;
        static final Map<ChannelOption<?>, Object> IP6_ONLY =
                Map.of(new IntegerUnixChannelOption("IPV6_V6ONLY", IPPROTO_IPV6, IPV6_V6ONLY), 1);

        private static final int SOL_SOCKET = 1;
        private static final int SO_REUSEPORT = 15;
        static final Map<ChannelOption<?>, Object> PORT_SHARING =
                Map.of(new IntegerUnixChannelOption("SO_REUSEPORT", SOL_SOCKET, SO_REUSEPORT), 1);

        static ServerChannel ip4ServerSocket() {
            return new EpollServerSocketChannel(SocketProtocolFamily.INET);
        }

        static DatagramChannel datagramSocket(SocketProtocolFamily family) {
            return new EpollDatagramChannel(family);
        }
    }

    private static final class Shared {
        static final EventLoops LOOPS = of(loops());

        private static LoopResources loops() {
            int cores = NettyRuntime.availableProcessors();
            return LoopResources.create("p2p", cores, cores, true, false);
        }
    }
}
