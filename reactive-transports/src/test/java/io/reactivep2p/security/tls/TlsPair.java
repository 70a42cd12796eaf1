package io.reactivep2p.security.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
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
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.security.SecurityParameters;
import io.reactivep2p.transport.RawConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/** Two ends of a connection in memory. Bytes move only when a test says so. */
final class TlsPair implements AutoCloseable {

    static final ProtocolId YAMUX = ProtocolId.of("/yamux/1.0.0");
    static final ProtocolId MPLEX = ProtocolId.of("/mplex/6.7.0");
    static final KeyPair ALICE = KeyPair.ofSeed(filled(1));
    static final KeyPair BOB = KeyPair.ofSeed(filled(2));
    static final PeerId ALICE_ID = PeerId.of(ALICE.publicKey());
    static final PeerId BOB_ID = PeerId.of(BOB.publicKey());

    private static final Multiaddr ADDRESS = Multiaddr.of("/memory/1");

    final Memory memory = new Memory();
    final End dialer;
    final End listener;

    TlsPair(Tls tls) {
        this(tls, parameters(ALICE, BOB_ID, YAMUX), tls, parameters(BOB, null, YAMUX));
    }

    TlsPair(Tls dialing, SecurityParameters dialerParameters, Tls listening, SecurityParameters listenerParameters) {
        listener = new End(memory, Direction.INBOUND, listening, listenerParameters);
        dialer = new End(memory, Direction.OUTBOUND, dialing, dialerParameters);
    }

    static SecurityParameters parameters(KeyPair identity, @Nullable PeerId expected, ProtocolId... muxers) {
        return new SecurityParameters(identity, expected, List.of(muxers));
    }

    static RawConnection raw(EmbeddedChannel channel, Direction direction) {
        return new RawConnection(channel, ADDRESS, ADDRESS, direction);
    }

    static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    /** Moves everything that either end has sent, until both are silent. */
    TlsPair pump() {
        boolean moved = true;
        while (moved) {
            moved = dialer.receive(listener.sent()) | listener.receive(dialer.sent());
        }
        return this;
    }

    /** Closes both ends, and fails if a buffer is left then. */
    @Override
    public void close() {
        dialer.close();
        listener.close();
        memory.assertNothingLeft();
    }

    /** Counts what is allocated and not released. */
    static final class Memory {

        final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

        long used() {
            return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
        }

        void assertNothingLeft() {
            assertThat(used()).as("bytes that nobody has released").isZero();
        }
    }

    /** What goes in and out of a channel in memory. */
    static class Wire {

        final EmbeddedChannel channel = new EmbeddedChannel();

        Wire(Memory memory) {
            channel.config().setAllocator(memory.allocator);
        }

        /** What this end has put on the wire since the last call. */
        byte[] sent() {
            channel.runPendingTasks();
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

        void close() {
            channel.close();
            channel.runPendingTasks();
            channel.finishAndReleaseAll();
        }
    }

    /** One of our ends. */
    static final class End extends Wire {

        final List<Throwable> failures = new ArrayList<>();
        final Disposable subscription;

        @Nullable
        SecuredConnection secured;

        @Nullable
        Throwable handshakeError;

        private final ByteBuf received = Unpooled.buffer();

        End(Memory memory, Direction direction, Tls tls, SecurityParameters parameters) {
            super(memory);
            subscription = tls.secure(raw(channel, direction), parameters)
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

        void assertRefused(String message) {
            assertThat(secured).isNull();
            assertThat(handshakeError).isInstanceOf(HandshakeException.class).hasMessageStartingWith(message);
            assertThat(channel.isOpen()).isFalse();
        }
    }
}
