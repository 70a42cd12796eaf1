package io.reactivep2p.transport.memory;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.transport.ChannelBootstrap;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.RawTransport;
import io.reactivep2p.transport.TransportException;
import java.net.ConnectException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The in-process transport, {@code /memory/N}. See the package. */
public final class Memory implements RawTransport {

    /** Bytes on the way at which a sender becomes writable again, and those at which it ceases to be. As TCP's here. */
    private static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(128 * 1024, 256 * 1024);

    private static final String ID_PREFIX = "reactivep2p/memory/";

    /** The upper half of the numbers is for those that nobody chose. */
    private static final AtomicLong NEXT_FREE = new AtomicLong(Long.MIN_VALUE);

    private final MemorySpec spec;
    private final Bootstrap dialing;

    private Memory(MemorySpec spec) {
        this.spec = spec;
        this.dialing = new Bootstrap()
                .group(spec.loops())
                .channel(LocalChannel.class)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
                .disableResolver();
    }

    public static Memory create() {
        return create(spec -> {});
    }

    public static Memory create(Consumer<MemorySpec> configuration) {
        MemorySpec spec = new MemorySpec();
        configuration.accept(spec);
        return new Memory(spec);
    }

    /** {@code /memory/N}, with or without {@code /p2p/...}. */
    @Override
    public boolean canDial(Multiaddr address) {
        return address.first().protocol() == Protocol.MEMORY
                && (address.size() == 1
                        || (address.size() == 2 && address.last().protocol() == Protocol.P2P));
    }

    @Override
    public boolean canListen(Multiaddr address) {
        return canDial(address);
    }

    @Override
    public Mono<RawConnection> dial(Multiaddr address) {
        return Mono.defer(() -> {
            if (!canDial(address)) {
                return Mono.error(new TransportException(address, "no memory address: " + address, null));
            }
            long number = number(address);
            Multiaddr local = multiaddr(nextFree());
            return ChannelBootstrap.connect(dialing, localAddress(number), localAddress(number(local)), this::prepare)
                    .map(channel -> new RawConnection(channel, local, multiaddr(number), Direction.OUTBOUND))
                    .onErrorMap(e -> notDialed(address, number, e));
        });
    }

    private static TransportException notDialed(Multiaddr address, long number, Throwable cause) {
        return cause instanceof ConnectException
                ? new TransportException(address, "nobody listens on " + multiaddr(number), cause)
                : new TransportException(address, "cannot dial " + address + ": " + cause.getMessage(), cause);
    }

    @Override
    public Mono<Listener> listen(Multiaddr address, Consumer<RawConnection> acceptor) {
        return Mono.defer(() -> {
            if (!canListen(address)) {
                return Mono.error(new TransportException(address, "no memory address: " + address, null));
            }
            long asked = number(address);
            long number = asked == 0 ? nextFree() : asked;
            Multiaddr local = multiaddr(number);
            ServerBootstrap listening = new ServerBootstrap()
                    .group(spec.loops())
                    .channelFactory(MemoryServerChannel::new)
                    .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS);
            return ChannelBootstrap.bind(
                            listening,
                            localAddress(number),
                            this::prepare,
                            bound -> local,
                            channel -> acceptor.accept(accepted(channel, local)))
                    .onErrorMap(
                            e -> new TransportException(address, "cannot listen: address " + local + " is in use", e));
        });
    }

    private void prepare(ChannelPipeline pipeline) {
        pipeline.addLast(new MemoryFlowHandler());
        spec.pipeline().accept(pipeline);
    }

    private static RawConnection accepted(Channel channel, Multiaddr local) {
        Multiaddr remote = multiaddr(number(channel.remoteAddress() instanceof LocalAddress address ? address : null));
        return new RawConnection(channel, local, remote, Direction.INBOUND);
    }

    private static long nextFree() {
        return NEXT_FREE.getAndIncrement();
    }

    private static Multiaddr multiaddr(long number) {
        return Multiaddr.of(Multiaddr.Component.of(Protocol.MEMORY, Long.toUnsignedString(number)));
    }

    private static long number(Multiaddr address) {
        return Long.parseUnsignedLong(address.value(Protocol.MEMORY).orElseThrow());
    }

    private static LocalAddress localAddress(long number) {
        return new LocalAddress(ID_PREFIX + Long.toUnsignedString(number));
    }

    private static long number(@Nullable LocalAddress address) {
        if (address == null || !address.id().startsWith(ID_PREFIX)) {
            throw new IllegalStateException("a stranger's local channel: " + address);
        }
        return Long.parseUnsignedLong(address.id().substring(ID_PREFIX.length()));
    }
}
