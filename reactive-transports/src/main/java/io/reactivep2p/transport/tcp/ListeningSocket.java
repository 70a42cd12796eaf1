package io.reactivep2p.transport.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AttributeKey;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.netty.InetEndpoint;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A socket that listens, and who gets what arrives on it. With one route, every connection is that one's, and nobody looks at its bytes.
 * With several, a {@link FirstBytesHandler} does.
 */
final class ListeningSocket {

    /** Whose connection it is, until it is handed over; without it, {@link FirstBytes#PLAIN}'s. */
    private static final AttributeKey<ListeningRoute> ROUTE = AttributeKey.valueOf(ListeningSocket.class, "route");

    private final ListeningSockets sockets;
    private final InetEndpoint asked;
    private final Function<Channel, RawConnection> connection;
    private final WaitingConnections waiting = new WaitingConnections();
    private final Mono<Listener> bound;

    /** Replaced under the lock of {@link #sockets}, read by all. */
    private volatile Map<FirstBytes, ListeningRoute> routes = Map.of();

    private volatile @Nullable Listener listener;

    /** @param connection of a channel that was accepted */
    ListeningSocket(
            ListeningSockets sockets,
            InetEndpoint asked,
            ListeningSockets.Binder binder,
            Function<Channel, RawConnection> connection) {
        this.sockets = sockets;
        this.asked = asked;
        this.connection = connection;
        this.bound = binder.bind(asked, this::prepare, this::accept)
                .doOnNext(this::onBound)
                .doOnError(failure -> sockets.remove(this))
                .cache();
    }

    /** Completes when the socket listens; it is bound for the first who asks. */
    Mono<Listener> bound() {
        return bound;
    }

    Multiaddr address() {
        Listener known = listener;
        if (known == null) {
            throw new IllegalStateException("not bound yet");
        }
        return known.address();
    }

    /** Whether one who asks for {@code wanted} means this socket. Port 0 means one that was itself got by asking for port 0. */
    boolean isMeantBy(InetEndpoint wanted) {
        Listener known = listener;
        int port = asked.port() == 0 && wanted.port() != 0 && known != null
                ? TcpAddress.endpoint(known.address()).orElseThrow().port()
                : asked.port();
        return port == wanted.port() && asked.ip().equals(wanted.ip()) && Objects.equals(asked.zone(), wanted.zone());
    }

    boolean has(FirstBytes kind) {
        return routes.containsKey(kind);
    }

    /** Under the lock. */
    ListeningRoute join(
            FirstBytes kind, @Nullable Supplier<? extends ChannelHandler> layer, Consumer<RawConnection> acceptor) {
        ListeningRoute route = new ListeningRoute(this, kind, layer, acceptor);
        Map<FirstBytes, ListeningRoute> more = new EnumMap<>(FirstBytes.class);
        more.putAll(routes);
        more.put(kind, route);
        routes = Map.copyOf(more);
        return route;
    }

    void leave(ListeningRoute route) {
        boolean last;
        Listener known;
        synchronized (sockets) {
            Map<FirstBytes, ListeningRoute> fewer = new EnumMap<>(FirstBytes.class);
            fewer.putAll(routes);
            fewer.remove(route.kind(), route);
            routes = Map.copyOf(fewer);
            last = fewer.isEmpty();
            known = listener;
            if (last) {
                sockets.remove(this);
            }
        }
        if (!last || known == null) {
            route.ended();
            return;
        }
        known.dispose();
        waiting.closeAll();
        known.onDispose().subscribe(null, null, route::ended);
    }

    private void onBound(Listener opened) {
        boolean abandoned;
        synchronized (sockets) {
            listener = opened;
            abandoned = routes.isEmpty();
        }
        opened.onDispose().subscribe(null, null, this::onClosed);
        if (abandoned) { // all who wanted it gave up meanwhile
            opened.dispose();
        }
    }

    /** Whoever did it: the threads end, for one. */
    private void onClosed() {
        Collection<ListeningRoute> left;
        synchronized (sockets) {
            sockets.remove(this);
            left = List.copyOf(routes.values());
        }
        left.forEach(ListeningRoute::ended);
    }

    /** Puts into a new channel's pipeline what stands next to the socket. */
    private void prepare(ChannelPipeline pipeline) {
        Map<FirstBytes, ListeningRoute> now = routes;
        Channel channel = pipeline.channel();
        if (now.size() != 1) {
            waiting.add(channel);
            pipeline.addLast(new FirstBytesHandler(this::decided));
            return;
        }
        ListeningRoute only = now.values().iterator().next();
        Supplier<? extends ChannelHandler> layer = only.layer();
        if (only.kind() != FirstBytes.PLAIN) {
            channel.attr(ROUTE).set(only);
        }
        if (layer != null) {
            waiting.add(channel);
            pipeline.addLast(layer.get());
        }
    }

    private boolean decided(ChannelHandlerContext here, FirstBytes kind) {
        ListeningRoute route = routes.get(kind);
        if (route == null) {
            return false;
        }
        here.channel().attr(ROUTE).set(route);
        Supplier<? extends ChannelHandler> layer = route.layer();
        if (layer != null) {
            here.pipeline().addAfter(here.name(), null, layer.get());
        }
        return true;
    }

    private void accept(Channel channel) {
        ListeningRoute route;
        if (channel.hasAttr(ROUTE)) {
            waiting.remove(channel);
            route = channel.attr(ROUTE).getAndSet(null);
        } else {
            route = routes.get(FirstBytes.PLAIN);
        }
        if (route == null || route.isDisposed()) {
            channel.close();
            return;
        }
        route.acceptor().accept(connection.apply(channel));
    }

    @Override
    public String toString() {
        Listener known = listener;
        return known == null
                ? asked.ip() + " port " + asked.port()
                : known.address().toString();
    }
}
