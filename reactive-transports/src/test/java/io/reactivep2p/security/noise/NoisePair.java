package io.reactivep2p.security.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.security.SecurityParameters;
import io.reactivep2p.transport.RawConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/** Two ends of a connection in memory. Bytes move only when a test says so. */
final class NoisePair implements AutoCloseable {

    static final ProtocolId YAMUX = ProtocolId.of("/yamux/1.0.0");
    static final ProtocolId MPLEX = ProtocolId.of("/mplex/6.7.0");
    static final KeyPair ALICE = KeyPair.ofSeed(filled(1));
    static final KeyPair BOB = KeyPair.ofSeed(filled(2));
    static final PeerId ALICE_ID = PeerId.of(ALICE.publicKey());
    static final PeerId BOB_ID = PeerId.of(BOB.publicKey());

    private static final Multiaddr ADDRESS = Multiaddr.of("/memory/1");

    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    final End initiator;
    final End responder;

    NoisePair(Noise noise) {
        this(noise, parameters(ALICE, BOB_ID, YAMUX), noise, parameters(BOB, null, YAMUX));
    }

    NoisePair(
            Noise initiatorNoise,
            SecurityParameters initiatorParameters,
            Noise responderNoise,
            SecurityParameters responderParameters) {
        responder = new End(allocator, Direction.INBOUND, responderNoise, responderParameters);
        initiator = new End(allocator, Direction.OUTBOUND, initiatorNoise, initiatorParameters);
    }

    static SecurityParameters parameters(KeyPair identity, @Nullable PeerId expected, ProtocolId... muxers) {
        return new SecurityParameters(identity, expected, List.of(muxers));
    }

    static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    /** Moves everything that either end has sent, until both are silent. */
    NoisePair pump() {
        boolean moved = true;
        while (moved) {
            moved = initiator.receive(responder.sent()) | responder.receive(initiator.sent());
        }
        return this;
    }

    /** Closes both ends, and fails if a buffer is left then. */
    @Override
    public void close() {
        initiator.close();
        responder.close();
        assertNothingLeaked(allocator);
    }

    static void assertNothingLeaked(UnpooledByteBufAllocator allocator) {
        assertThat(allocator.metric().usedDirectMemory()).as("direct memory").isZero();
        assertThat(allocator.metric().usedHeapMemory()).as("heap memory").isZero();
    }

    static final class End {

        final EmbeddedChannel channel;
        final List<Throwable> failures = new ArrayList<>();
        final Disposable subscription;

        @Nullable
        SecuredConnection secured;

        @Nullable
        Throwable handshakeError;

        private final ByteBuf received = Unpooled.buffer();

        End(ByteBufAllocator allocator, Direction direction, Noise noise, SecurityParameters parameters) {
            this(new EmbeddedChannel(), allocator, direction, noise, parameters);
        }

        End(
                EmbeddedChannel channel,
                ByteBufAllocator allocator,
                Direction direction,
                Noise noise,
                SecurityParameters parameters) {
            this.channel = channel;
            channel.config().setAllocator(allocator);
            subscription = noise.secure(new RawConnection(channel, ADDRESS, ADDRESS, direction), parameters)
                    .subscribe(this::onSecured, error -> handshakeError = error);
        }

        private void onSecured(SecuredConnection connection) {
            secured = connection;
            channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ByteBuf buffer = (ByteBuf) message;
                    received.writeBytes(buffer);
                    buffer.release();
                }

                @Override
                public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                    failures.add(cause);
                }
            });
        }

        /** What this end has put on the wire since the last call. */
        byte[] sent() {
            ByteBuf all = Unpooled.buffer();
            for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
                all.writeBytes(part);
                part.release();
            }
            byte[] bytes = new byte[all.readableBytes()];
            all.readBytes(bytes);
            return bytes;
        }

        boolean receive(byte[] bytes) {
            if (bytes.length == 0 || !channel.isOpen()) {
                return false;
            }
            // A direct buffer of its own for each read, as a socket gives.
            channel.writeInbound(channel.alloc().directBuffer(bytes.length).writeBytes(bytes));
            return true;
        }

        boolean receive(byte[] bytes, int from, int to) {
            return receive(Arrays.copyOfRange(bytes, from, to));
        }

        void send(byte[] bytes) {
            channel.writeAndFlush(
                    channel.alloc().buffer(Math.max(1, bytes.length)).writeBytes(bytes));
        }

        /** The plaintext that has come up since the last call. */
        byte[] received() {
            byte[] bytes = new byte[received.readableBytes()];
            received.readBytes(bytes);
            received.clear();
            return bytes;
        }

        void close() {
            channel.close();
            channel.finishAndReleaseAll();
        }
    }
}
