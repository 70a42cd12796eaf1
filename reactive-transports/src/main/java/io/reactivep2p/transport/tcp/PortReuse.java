package io.reactivep2p.transport.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.reactivep2p.transport.netty.EventLoops;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Lends the ports that are listened on to dials. Any thread.
 *
 * <p>A listener is bound for itself alone, so that a port in use is noticed, and shares its port only then: two sockets may have the same
 * one if both say {@code SO_REUSEPORT}.
 */
final class PortReuse {

    private static final InetAddress ANY_IP4 = ip(new byte[4]);
    private static final InetAddress ANY_IP6 = ip(new byte[16]);

    /** Empty where ports cannot be shared, or shall not. */
    private final Map<ChannelOption<?>, Object> sharing;

    /** As many as there are listeners. */
    private final List<InetSocketAddress> listening = new CopyOnWriteArrayList<>();

    PortReuse(boolean wanted, EventLoops loops) {
        this.sharing = wanted ? loops.portSharing() : Map.of();
    }

    /** What a socket that dials from a listening port needs, before it is bound. */
    Map<ChannelOption<?>, Object> options() {
        return sharing;
    }

    /** For a new server channel: once it is bound, and before anyone hears of that, its port is shared. */
    ChannelHandler lender() {
        return new Lender();
    }

    /** Where to dial {@code remote} from; {@code null} for any port. */
    @Nullable
    InetSocketAddress localFor(InetSocketAddress remote) {
        return localFor(remote, listening);
    }

    /**
     * Loopback is dialed from what listens there, other addresses from what others can reach, and nothing from itself.
     *
     * <p>The IP of a listener on one network is not taken over: which network leads to {@code remote} is for the kernel to say.
     */
    static @Nullable InetSocketAddress localFor(InetSocketAddress remote, List<InetSocketAddress> listening) {
        InetSocketAddress second = null;
        for (InetSocketAddress bound : listening) {
            InetAddress ip = bound.getAddress();
            boolean near = remote.getAddress().isLoopbackAddress();
            boolean itself = bound.getPort() == remote.getPort() && (near || ip.equals(remote.getAddress()));
            if (itself || isIp4(ip) != isIp4(remote.getAddress())) {
                continue;
            }
            if (near ? ip.isLoopbackAddress() : ip.isAnyLocalAddress()) {
                return bound;
            }
            if (second == null && (near ? ip.isAnyLocalAddress() : !ip.isLoopbackAddress())) {
                second = new InetSocketAddress(isIp4(ip) ? ANY_IP4 : ANY_IP6, bound.getPort());
            }
        }
        return second;
    }

    /**
     * Whether a dial from a listening port may succeed from another one: there is such a connection already, or was a moment ago. The
     * kernel's answers, which are {@code IOException}s, cannot be told apart by type, so only what no port can help is excluded, as in
     * go-libp2p.
     */
    static boolean mayBeThePort(Throwable cause) {
        return cause instanceof IOException
                && !(cause instanceof ConnectTimeoutException || cause instanceof NoRouteToHostException);
    }

    private static boolean isIp4(InetAddress ip) {
        return ip instanceof Inet4Address;
    }

    private static InetAddress ip(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Lender extends ChannelOutboundHandlerAdapter {

        @Override
        public void bind(ChannelHandlerContext ctx, SocketAddress local, ChannelPromise promise) {
            ctx.bind(local).addListener(bound -> {
                if (bound.isSuccess()) {
                    lend(ctx.channel());
                    promise.setSuccess();
                } else {
                    promise.setFailure(bound.cause());
                }
            });
        }

        private void lend(Channel channel) {
            if (channel.localAddress() instanceof InetSocketAddress local && shares(channel)) {
                listening.add(local);
                channel.closeFuture().addListener(closed -> listening.remove(local));
            }
        }

        private boolean shares(Channel channel) {
            try {
                return !sharing.isEmpty() && channel.config().setOptions(sharing);
            } catch (ChannelException notHere) {
                return false;
            }
        }
    }
}
