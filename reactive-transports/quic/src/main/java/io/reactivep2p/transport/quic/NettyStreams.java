package io.reactivep2p.transport.quic;

import io.netty.channel.Channel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the codec forget streams that were reset. It keeps the channel of a stream until the connection ends, unless the stream's end was
 * read (Netty 4.2.17, {@code QuicheQuicStreamChannel.removeStreamFromParent}): a peer that opens and resets streams would fill the heap.
 *
 * <p>The method that removes one is not public. Where it cannot be had, the channels stay, {@link StreamTable} counts them, and too many
 * end the connection.
 */
final class NettyStreams {

    private static final Logger log = LoggerFactory.getLogger(NettyStreams.class);

    private static final String CONNECTION = "io.netty.handler.codec.quic.QuicheQuicChannel";
    private static final @Nullable MethodHandle STREAM_CLOSED = find();

    private NettyStreams() {}

    private static @Nullable MethodHandle find() {
        try {
            Class<?> connection = Class.forName(CONNECTION);
            return MethodHandles.privateLookupIn(connection, MethodHandles.lookup())
                    .findVirtual(connection, "streamClosed", MethodType.methodType(void.class, long.class))
                    .asType(MethodType.methodType(void.class, Channel.class, long.class));
        } catch (ReflectiveOperationException | RuntimeException e) {
            log.debug("reset streams stay with their connections", e);
            return null;
        }
    }

    /** Whether {@link #forget} does anything. */
    static boolean canForget() {
        return STREAM_CLOSED != null;
    }

    /** QUIC itself must have nothing more to say of the stream, else it would come back as a new one. */
    static void forget(QuicStreamChannel stream) {
        if (STREAM_CLOSED == null) {
            return;
        }
        try {
            STREAM_CLOSED.invoke((Channel) stream.parent(), stream.streamId());
        } catch (Throwable e) {
            throw new IllegalStateException("stream " + stream.streamId() + " could not be forgotten", e);
        }
    }
}
