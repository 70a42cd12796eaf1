package io.reactivep2p.transport.quic;

import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.quic.FlushStrategy;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The two halves of Netty's codec, set up. */
final class QuicCodecs {

    /**
     * What fits on every path but tunnels in tunnels: 1,280 bytes of IPv6 would leave 1,232, Ethernet over PPPoE 1,444; Chromium sends as
     * much as this.
     */
    static final int MAX_SEND_BYTES = 1_350;

    /** So much is written before it is flushed to the kernel in the middle of a turn. */
    private static final int FLUSH_BYTES = 128 * 1024;

    private static final int DATAGRAM_QUEUE = 1;

    private QuicCodecs() {}

    static ChannelHandler server(
            QuicOptions options,
            HandshakeGate gate,
            Function<QuicChannel, QuicSslEngine> engines,
            ChannelHandler connections) {
        byte[] tokenKey = new byte[AddressToken.KEY_BYTES];
        options.random().nextBytes(tokenKey);
        byte[] resetKey = new byte[ResetTokens.KEY_BYTES];
        options.random().nextBytes(resetKey);
        return common(new QuicServerCodecBuilder(), options)
                .sslEngineProvider(engines)
                .tokenHandler(new RetryTokens(gate, new AddressToken(tokenKey), System::nanoTime))
                .connectionIdAddressGenerator(new ConnectionIds(options.random()))
                .resetTokenGenerator(new ResetTokens(resetKey))
                .handler(connections)
                .build();
    }

    static ChannelHandler client(QuicOptions options, Function<QuicChannel, QuicSslEngine> engines) {
        return common(new QuicClientCodecBuilder(), options)
                .sslEngineProvider(engines)
                .build();
    }

    private static <B extends QuicCodecBuilder<B>> B common(B builder, QuicOptions options) {
        return builder.localConnectionIdLength(QuicPacket.ID_BYTES)
                .maxIdleTimeout(options.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .initialMaxData(options.connectionWindow())
                .initialMaxStreamDataBidirectionalLocal(options.streamWindow())
                .initialMaxStreamDataBidirectionalRemote(options.streamWindow())
                .initialMaxStreamsBidirectional(options.maxInboundStreams())
                .initialMaxStreamsUnidirectional(0)
                .maxSendUdpPayloadSize(MAX_SEND_BYTES)
                .datagram(DATAGRAM_QUEUE, DATAGRAM_QUEUE)
                .flushStrategy(FlushStrategy.afterNumBytes(FLUSH_BYTES));
    }
}
