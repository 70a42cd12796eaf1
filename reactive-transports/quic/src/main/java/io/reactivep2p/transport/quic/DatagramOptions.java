package io.reactivep2p.transport.quic;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import java.util.Map;

/** The options of QUIC's sockets, and what epoll adds: many packets of one size go to and from the kernel as one. */
final class DatagramOptions {

    /** The kernel grants what it is allowed to; QUIC implementations have agreed on asking for some megabytes. */
    private static final int SOCKET_BUFFER = 4 << 20;

    /** No larger datagram is read whole, and none is legal on our paths. */
    private static final int DATAGRAM_BYTES = 2_048;

    private static final int MAX_SEGMENTED_BYTES = 65_535;
    private static final int READS_PER_TURN = 32;
    private static final int LOW_WATER = 256 * 1024;
    private static final int HIGH_WATER = 1 << 20;

    private DatagramOptions() {}

    static void apply(Channel socket, Map<ChannelOption<?>, Object> given) {
        socket.config().setOption(ChannelOption.SO_RCVBUF, SOCKET_BUFFER);
        socket.config().setOption(ChannelOption.SO_SNDBUF, SOCKET_BUFFER);
        socket.config()
                .setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(LOW_WATER, HIGH_WATER));
        given.forEach((option, value) -> set(socket, option, value));
        boolean coalesced = isEpoll(socket) && Epoll.coalesce(socket);
        socket.config()
                .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(coalesced ? MAX_SEGMENTED_BYTES : DATAGRAM_BYTES)
                        .maxMessagesPerRead(READS_PER_TURN));
    }

    static SegmentedDatagramPacketAllocator segments(Channel socket) {
        return isEpoll(socket) ? Epoll.segments() : SegmentedDatagramPacketAllocator.NONE;
    }

    @SuppressWarnings("unchecked")
    private static void set(Channel socket, ChannelOption<?> option, Object value) {
        socket.config().setOption((ChannelOption<Object>) option, value);
    }

    private static boolean isEpoll(Channel socket) {
        return socket.getClass().getSimpleName().equals("EpollDatagramChannel");
    }

    /** Loaded only with epoll. */
    private static final class Epoll {

        /** The kernel takes 64, and 65,507 bytes in all. */
        private static final int SEGMENTS = 45;

        static boolean coalesce(Channel socket) {
            return socket.config().setOption(EpollChannelOption.UDP_GRO, true);
        }

        static SegmentedDatagramPacketAllocator segments() {
            return EpollQuicUtils.newSegmentedAllocator(SEGMENTS);
        }
    }
}
