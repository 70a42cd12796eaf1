package io.reactivep2p.transport;

import io.netty.channel.Channel;
import io.reactivep2p.multiformats.Multiaddr;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A bound Netty server channel. */
final class ChannelListener implements Listener {

    private final Channel channel;
    private final Multiaddr address;
    private final Sinks.Empty<Void> closed = Sinks.empty();

    ChannelListener(Channel channel, Multiaddr address) {
        this.channel = channel;
        this.address = address;
        channel.closeFuture().addListener(done -> closed.tryEmitEmpty());
    }

    @Override
    public Multiaddr address() {
        return address;
    }

    @Override
    public void dispose() {
        channel.close();
    }

    @Override
    public boolean isDisposed() {
        return !channel.isOpen();
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            dispose();
            return onDispose();
        });
    }

    @Override
    public Mono<Void> onDispose() {
        return closed.asMono();
    }

    @Override
    public String toString() {
        return "listener on " + address;
    }
}
