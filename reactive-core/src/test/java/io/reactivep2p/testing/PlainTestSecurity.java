package io.reactivep2p.testing;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.security.SecurityParameters;
import io.reactivep2p.transport.RawConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * No security at all: each side sends its public key in the clear, {@code length (2 bytes) key}, and believes the other. For tests of what
 * stands above the secure channel.
 */
public final class PlainTestSecurity implements SecureChannel {

    public static final ProtocolId PROTOCOL = ProtocolId.of("/plaintext-test/1.0.0");

    private final ProtocolId protocol;
    private final boolean earlyMuxer;

    private PlainTestSecurity(ProtocolId protocol, boolean earlyMuxer) {
        this.protocol = protocol;
        this.earlyMuxer = earlyMuxer;
    }

    public static PlainTestSecurity create() {
        return new PlainTestSecurity(PROTOCOL, false);
    }

    /** Under another name. */
    public static PlainTestSecurity named(String protocol) {
        return new PlainTestSecurity(ProtocolId.of(protocol), false);
    }

    /** Pretends that the handshake agreed on the first of our own muxers. */
    public static PlainTestSecurity withEarlyMuxer() {
        return new PlainTestSecurity(PROTOCOL, true);
    }

    @Override
    public ProtocolId protocol() {
        return protocol;
    }

    @Override
    public Mono<SecuredConnection> secure(RawConnection raw, SecurityParameters parameters) {
        return Mono.create(sink -> {
            sink.onCancel(() -> raw.channel().close());
            raw.channel().pipeline().addLast(new Exchange(raw, parameters, sink));
        });
    }

    private final class Exchange extends ChannelInboundHandlerAdapter {

        private final RawConnection raw;
        private final SecurityParameters parameters;
        private final MonoSink<SecuredConnection> sink;
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private boolean done;

        Exchange(RawConnection raw, SecurityParameters parameters, MonoSink<SecuredConnection> sink) {
            this.raw = raw;
            this.parameters = parameters;
            this.sink = sink;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            byte[] key = parameters.identity().publicKey().encode();
            ctx.writeAndFlush(
                    ctx.alloc().buffer(2 + key.length).writeShort(key.length).writeBytes(key), ctx.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            if (done) {
                ctx.fireChannelRead(in);
                return;
            }
            try {
                while (in.isReadable() && received.size() < needed()) {
                    in.readBytes(received, Math.min(in.readableBytes(), needed() - received.size()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (received.size() < needed() || received.size() == 2) {
                in.release();
                return;
            }
            done = true;
            finish(ctx);
            ctx.pipeline().remove(this);
            ctx.fireChannelRead(in);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            fail(ctx, new HandshakeException("the connection closed during the handshake"));
            ctx.fireChannelInactive();
        }

        private int needed() {
            byte[] bytes = received.toByteArray();
            return bytes.length < 2 ? 2 : 2 + ((bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF);
        }

        private void finish(ChannelHandlerContext ctx) {
            byte[] bytes = received.toByteArray();
            byte[] encoded = Arrays.copyOfRange(bytes, 2, bytes.length);
            PublicKey key;
            try {
                key = PublicKey.decode(encoded);
            } catch (IllegalArgumentException e) {
                done = false;
                fail(ctx, new HandshakeException("a malformed key", e));
                return;
            }
            PeerId remote = PeerId.of(key);
            sink.success(new SecuredConnection(
                    raw,
                    PeerId.of(parameters.identity().publicKey()),
                    remote,
                    key,
                    protocol,
                    earlyMuxer ? parameters.muxers().get(0) : null));
        }

        private void fail(ChannelHandlerContext ctx, HandshakeException cause) {
            if (!done) {
                done = true;
                ctx.close();
                sink.error(cause);
            }
        }
    }
}
