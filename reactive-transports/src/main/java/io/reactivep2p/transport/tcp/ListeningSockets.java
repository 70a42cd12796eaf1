package io.reactivep2p.transport.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.reactivep2p.transport.Delivery;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.netty.InetEndpoint;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** The sockets that one {@link Tcp} listens on, each shared by all kinds of connection that are asked for on its address. Thread-safe. */
final class ListeningSockets {

    /** Binds a socket. */
    @FunctionalInterface
    interface Binder {

        /**
         * @param pipeline fills a new channel's pipeline
         * @param acceptor gets the channel when it is active
         */
        Mono<Listener> bind(InetEndpoint endpoint, Consumer<ChannelPipeline> pipeline, Consumer<Channel> acceptor);
    }

    private final Binder binder;
    private final Function<Channel, RawConnection> connection;
    private final List<ListeningSocket> open = new ArrayList<>();

    ListeningSockets(Binder binder, Function<Channel, RawConnection> connection) {
        this.binder = binder;
        this.connection = connection;
    }

    /**
     * Listens for one kind of connection, on a socket that listens for others if there is one.
     *
     * <p><b>Errors</b>: as the socket gives them; {@link BindException} if this kind is listened for there already.
     *
     * <p><b>Cancellation</b>: listens no more.
     *
     * @param layer makes the handler that stands next to the socket
     */
    Mono<Listener> listen(
            InetEndpoint endpoint,
            FirstBytes kind,
            @Nullable Supplier<? extends ChannelHandler> layer,
            Consumer<RawConnection> acceptor) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Listener> subscriber) {
                subscriber.onSubscribe(new Attempt(subscriber, () -> join(endpoint, kind, layer, acceptor)));
            }
        };
    }

    /** One subscriber's: the route is either delivered or disposed. */
    private static final class Attempt implements Subscription {

        private final Delivery<Listener> delivery;
        private final Callable<ListeningRoute> join;
        private final AtomicBoolean started = new AtomicBoolean();
        private volatile @Nullable ListeningRoute joined;

        Attempt(CoreSubscriber<? super Listener> subscriber, Callable<ListeningRoute> join) {
            this.delivery = new Delivery<>(subscriber, Listener::dispose);
            this.join = join;
        }

        @Override
        public void request(long n) {
            if (!Operators.validate(n) || delivery.isCancelled() || !started.compareAndSet(false, true)) {
                return;
            }
            ListeningRoute route;
            try {
                route = join.call();
            } catch (Exception e) {
                delivery.fail(e);
                return;
            }
            joined = route;
            if (delivery.isCancelled()) {
                route.dispose();
            }
            route.bound().subscribe(listener -> delivery.succeed(route), delivery::fail);
        }

        @Override
        public void cancel() {
            // Where it is not there yet, another thread is in request(), and disposes it.
            ListeningRoute route = delivery.cancel() ? joined : null;
            if (route != null) {
                route.dispose();
            }
        }
    }

    private synchronized ListeningRoute join(
            InetEndpoint endpoint,
            FirstBytes kind,
            @Nullable Supplier<? extends ChannelHandler> layer,
            Consumer<RawConnection> acceptor)
            throws BindException {
        ListeningSocket socket = find(endpoint, kind);
        if (socket == null) {
            socket = new ListeningSocket(this, endpoint, binder, connection);
            open.add(socket);
        } else if (socket.has(kind)) {
            throw new BindException("listened on already");
        }
        return socket.join(kind, layer, acceptor);
    }

    /** The socket meant; one that has the kind already only if its port was named. */
    private @Nullable ListeningSocket find(InetEndpoint endpoint, FirstBytes kind) {
        for (ListeningSocket socket : open) {
            if (socket.isMeantBy(endpoint) && (endpoint.port() != 0 || !socket.has(kind))) {
                return socket;
            }
        }
        return null;
    }

    synchronized void remove(ListeningSocket socket) {
        open.remove(socket);
    }
}
