package io.reactivep2p.transport.quic;

import io.reactivep2p.crypto.NonBlockingRandom;
import io.reactivep2p.transport.AddressResolver;
import io.reactivep2p.transport.netty.DnsAddressResolver;
import io.reactivep2p.transport.netty.EventLoops;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import reactor.netty.resources.LoopResources;

/** Sets the options of {@link Quic#create(java.util.function.Consumer)}. */
public final class QuicSpec {

    private Duration handshakeTimeout = QuicOptions.DEFAULT_HANDSHAKE_TIMEOUT;
    private Duration idleTimeout = QuicOptions.DEFAULT_IDLE_TIMEOUT;
    private Duration keepAlive = QuicOptions.DEFAULT_KEEP_ALIVE;
    private int streamWindow = QuicOptions.DEFAULT_STREAM_WINDOW;
    private int connectionWindow = QuicOptions.DEFAULT_CONNECTION_WINDOW;
    private int maxInboundStreams = QuicOptions.DEFAULT_MAX_INBOUND_STREAMS;
    private int retryAbove = QuicOptions.DEFAULT_RETRY_ABOVE;
    private int maxHandshakes = QuicOptions.DEFAULT_MAX_HANDSHAKES;
    private @Nullable EventLoops loops;
    private @Nullable AddressResolver resolver;
    private @Nullable SecureRandom random;
    private InstantSource clock = InstantSource.system();

    QuicSpec() {}

    /** How long a handshake may take, dialed or accepted; default 5 s (go, rust). There is no other sign that nobody is there. */
    public QuicSpec handshakeTimeout(Duration timeout) {
        this.handshakeTimeout = timeout;
        return this;
    }

    /** After how much silence a connection is over; default 30 s (go), zero for never. The remote peer's counts if it is less. */
    public QuicSpec idleTimeout(Duration timeout) {
        this.idleTimeout = timeout;
        return this;
    }

    /** How often a sign of life is sent on a connection that is silent, to peers that can take one; default 4 s, zero for never. */
    public QuicSpec keepAlive(Duration interval) {
        this.keepAlive = interval;
        return this;
    }

    /** What a peer may send on a new stream before anything is consumed, in bytes; default 32 KiB. It grows up to 16 MiB with use. */
    public QuicSpec streamWindow(int bytes) {
        this.streamWindow = bytes;
        return this;
    }

    /**
     * What a peer may send on all streams before anything is consumed, in bytes; default 16 MiB, the most. When so much has been consumed it
     * is one and a half times the widest stream's, up to 24 MiB.
     */
    public QuicSpec connectionWindow(int bytes) {
        this.connectionWindow = bytes;
        return this;
    }

    /** How many streams the remote peer may have open; it cannot open more. Default 256 (go, rust). */
    public QuicSpec maxInboundStreams(int streams) {
        this.maxInboundStreams = streams;
        return this;
    }

    /** With so many handshakes under way on a listening socket, new clients must prove their address first; default 128. */
    public QuicSpec retryAbove(int handshakes) {
        this.retryAbove = handshakes;
        return this;
    }

    /** The most handshakes under way on a listening socket, more are not answered; default 1,024. */
    public QuicSpec maxHandshakes(int handshakes) {
        this.maxHandshakes = handshakes;
        return this;
    }

    /** The threads, which stay the caller's. Default: {@link EventLoops#shared()}. All connections of a socket are on one. */
    public QuicSpec loops(EventLoops loops) {
        this.loops = loops;
        return this;
    }

    /** The threads, which stay the caller's; native channels where possible. */
    public QuicSpec loops(LoopResources resources) {
        return loops(EventLoops.of(resources));
    }

    /** Resolves the names of dialed addresses. Default: the JVM's shared {@code DnsAddressResolver}. */
    public QuicSpec resolver(AddressResolver resolver) {
        this.resolver = resolver;
        return this;
    }

    /** Makes certificates, connection ids and the keys of tokens. Used on event loops, so it must not block. */
    public QuicSpec random(SecureRandom random) {
        this.random = random;
        return this;
    }

    /** By which certificates are made and judged. */
    public QuicSpec clock(InstantSource clock) {
        this.clock = clock;
        return this;
    }

    QuicOptions options() {
        return new QuicOptions(
                handshakeTimeout,
                idleTimeout,
                keepAlive,
                streamWindow,
                connectionWindow,
                maxInboundStreams,
                retryAbove,
                maxHandshakes,
                loops == null ? EventLoops.shared() : loops,
                resolver == null ? DnsAddressResolver.shared() : resolver,
                random == null ? NonBlockingRandom.create() : random,
                clock);
    }
}
