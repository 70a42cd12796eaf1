package io.reactivep2p.transport.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.netty.InetEndpoint;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

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
        return Mono.create(sink -> {
            ListeningRoute route;
            try {
                route = join(endpoint, kind, layer, acceptor);
            } catch (BindException taken) {
                sink.error(taken);
                return;
            }
            AtomicBoolean settled = new AtomicBoolean();
            // A cancel after the end is an operator's that has what it wants.
            sink.onCancel(() -> {
                if (settled.compareAndSet(false, true)) {
                    route.dispose();
                }
            });
            route.bound()
                    .subscribe(
                            listener -> settle(settled, () -> sink.success(route)),
                            failure -> settle(settled, () -> sink.error(failure)));
        });
    }

    private static void settle(AtomicBoolean settled, Runnable outcome) {
        if (settled.compareAndSet(false, true)) {
            outcome.run();
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
