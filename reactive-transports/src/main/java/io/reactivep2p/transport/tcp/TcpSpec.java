package io.reactivep2p.transport.tcp;

import io.netty.channel.ChannelPipeline;
import io.reactivep2p.transport.AddressResolver;
import io.reactivep2p.transport.netty.EventLoops;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.netty.resources.LoopResources;

/** Builds {@link TcpOptions}: {@code Tcp.create(spec -> spec.connectTimeout(Duration.ofSeconds(2)))}. */
public final class TcpSpec {

    private Duration connectTimeout = TcpOptions.DEFAULT_CONNECT_TIMEOUT;
    private int backlog = TcpOptions.DEFAULT_BACKLOG;
    private boolean noDelay = true;
    private boolean keepAlive = true;
    private int receiveBuffer;
    private int sendBuffer;
    private int lowWaterMark = TcpOptions.DEFAULT_LOW_WATER_MARK;
    private int highWaterMark = TcpOptions.DEFAULT_HIGH_WATER_MARK;
    private int maxRead = TcpOptions.DEFAULT_MAX_READ;
    private boolean portReuse = TcpOptions.DEFAULTS.portReuse();
    private EventLoops loops = TcpOptions.DEFAULTS.loops();
    private AddressResolver resolver = TcpOptions.DEFAULTS.resolver();
    private Consumer<ChannelPipeline> pipeline = TcpOptions.DEFAULTS.pipeline();

    TcpSpec() {}

    /** How long one IP may take to answer. Default: {@link TcpOptions#DEFAULT_CONNECT_TIMEOUT}. */
    public TcpSpec connectTimeout(Duration timeout) {
        positive("connect timeout in ms", Math.toIntExact(timeout.toMillis()));
        this.connectTimeout = timeout;
        return this;
    }

    /** Connections waiting to be accepted. Default: {@link TcpOptions#DEFAULT_BACKLOG}; the kernel may allow fewer. */
    public TcpSpec backlog(int connections) {
        this.backlog = positive("backlog", connections);
        return this;
    }

    /** {@code TCP_NODELAY}, default on: the layers above collect what belongs together. */
    public TcpSpec noDelay(boolean noDelay) {
        this.noDelay = noDelay;
        return this;
    }

    /** {@code SO_KEEPALIVE}, default on, as go-libp2p. */
    public TcpSpec keepAlive(boolean keepAlive) {
        this.keepAlive = keepAlive;
        return this;
    }

    /** {@code SO_RCVBUF} in bytes. Default: the kernel's, which grows with the connection; a size of one's own ends that. */
    public TcpSpec receiveBuffer(int bytes) {
        this.receiveBuffer = positive("receive buffer", bytes);
        return this;
    }

    /** {@code SO_SNDBUF} in bytes. Default: the kernel's, which grows with the connection; a size of one's own ends that. */
    public TcpSpec sendBuffer(int bytes) {
        this.sendBuffer = positive("send buffer", bytes);
        return this;
    }

    /**
     * Bytes waiting for the socket: above {@code high} the channel is not writable, until they are below {@code low}. Default:
     * {@link TcpOptions#DEFAULT_LOW_WATER_MARK}, {@link TcpOptions#DEFAULT_HIGH_WATER_MARK}.
     */
    public TcpSpec waterMarks(int low, int high) {
        if (low < 1 || high < low) {
            throw new IllegalArgumentException("water marks " + low + " and " + high + ", expected 0 < low <= high");
        }
        this.lowWaterMark = low;
        this.highWaterMark = high;
        return this;
    }

    /** The most bytes of one read. Default: {@link TcpOptions#DEFAULT_MAX_READ}. */
    public TcpSpec maxRead(int bytes) {
        this.maxRead = positive("read", bytes);
        return this;
    }

    /**
     * Dials from a port that this transport listens on, where there is one and the native channels of Linux are used: so the remote
     * side, and every NAT on the way, sees the port at which this host can be reached. Where that fails, for there is such a connection
     * already, any other port is taken. Default on, as go- and rust-libp2p.
     */
    public TcpSpec portReuse(boolean reuse) {
        this.portReuse = reuse;
        return this;
    }

    /** The threads, which stay the caller's. Default: {@link EventLoops#shared()}. */
    public TcpSpec loops(EventLoops loops) {
        this.loops = loops;
        return this;
    }

    /** The threads, which stay the caller's; native channels where possible. */
    public TcpSpec loops(LoopResources resources) {
        return loops(EventLoops.of(resources));
    }

    /** Resolves the names of dialed addresses. Default: the JVM's shared {@code DnsAddressResolver}. */
    public TcpSpec resolver(AddressResolver resolver) {
        this.resolver = resolver;
        return this;
    }

    /** Runs first on each new channel, dialed or accepted: its handlers sit between the socket and all layers. */
    public TcpSpec pipeline(Consumer<ChannelPipeline> pipeline) {
        this.pipeline = pipeline;
        return this;
    }

    private static int positive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " " + value + ", expected at least 1");
        }
        return value;
    }

    TcpOptions options() {
        return new TcpOptions(
                connectTimeout,
                backlog,
                noDelay,
                keepAlive,
                receiveBuffer,
                sendBuffer,
                lowWaterMark,
                highWaterMark,
                maxRead,
                portReuse,
                loops,
                resolver,
                pipeline);
    }
}
