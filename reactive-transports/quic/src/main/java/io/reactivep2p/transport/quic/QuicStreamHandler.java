package io.reactivep2p.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.util.ReferenceCountUtil;
import io.reactivep2p.connection.ErrorCode;
import java.nio.channels.ClosedChannelException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The shell around a {@link QuicStream}: what the codec says, and what it is told. */
final class QuicStreamHandler extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(QuicStreamHandler.class);

    private static final int MIN_READ = 512;
    private static final int FIRST_READ = 2048;
    private static final int MAX_READ = 64 * 1024;

    private final QuicHandler connection;
    private final QuicStreamChannel channel;
    private final QuicStream stream;
    /** QUIC may deliver a piece. */
    private boolean armed;
    /** Waits for the end of the datagrams that are being read. */
    private boolean queued;

    private boolean released;
    private boolean resetSeen;

    /** @param channel not registered yet, or in the call that registers it */
    QuicStreamHandler(QuicHandler connection, QuicStreamChannel channel) {
        this.connection = connection;
        this.channel = channel;
        this.stream = new QuicStream(connection, channel, this);
        channel.config().setAutoRead(false).setAllowHalfClosure(true);
        channel.config()
                .setRecvByteBufAllocator(
                        new AdaptiveRecvByteBufAllocator(MIN_READ, FIRST_READ, MAX_READ).maxMessagesPerRead(1));
    }

    QuicStream stream() {
        return stream;
    }

    // ---- what the stream asks for

    /**
     * Lets the next piece come. While datagrams are being read it waits for the last of them: else there would be a piece for each
     * datagram.
     */
    void read() {
        if (armed || queued || released) {
            return;
        }
        if (connection.socket().isReading()) {
            queued = true;
            connection.socket().afterReading(this::readNow);
        } else {
            armed = true;
            channel.read();
        }
    }

    private void readNow() {
        queued = false;
        if (stream.wantsMore()) {
            read();
        }
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    /**
     * What QUIC takes at once, in bytes. A larger piece would wait in the channel, which alone could release it; there it would be in the
     * way of a reset.
     */
    int room() {
        long room = channel.bytesBeforeUnwritable();
        return room <= 0 || room > StreamOutput.PIECE_BYTES ? StreamOutput.PIECE_BYTES : (int) room;
    }

    void write(ByteBuf piece, boolean end) {
        Object message = end ? new DefaultQuicStreamFrame(piece, true) : piece;
        written(channel.write(message), end);
    }

    void writeEnd() {
        written(channel.write(QuicStreamFrame.EMPTY_FIN), true);
    }

    private void written(ChannelFuture future, boolean end) {
        if (future.isSuccess()) {
            stream.onWritten(end);
        } else {
            future.addListener(done -> {
                if (done.isSuccess()) {
                    stream.onWritten(end);
                } else if (!(done.cause() instanceof ClosedChannelException)) {
                    stream.onStopped();
                }
            });
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what QUIC does not know any more needs no end
    void reset(ErrorCode code) {
        channel.shutdownOutput(QuicCodes.wire(code));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // as above
    void stopSending() {
        channel.shutdownInput(QuicCodes.wire(ErrorCode.NONE));
        connection.streams().onStopped(stream);
    }

    /** Both directions have ended, as far as we shall know. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits
    void release() {
        if (!released) {
            released = true;
            connection.streams().forget(stream);
            channel.close();
            if (resetSeen) {
                NettyStreams.forget(channel);
            }
        }
    }

    // ---- what the codec says

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        armed = false;
        if (message instanceof ByteBuf piece) {
            connection.onActivity();
            stream.onData(piece);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (stream.wantsMore()) {
            read();
        }
        if (!connection.socket().isReading()) {
            connection.flushWritten();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownReadComplete.INSTANCE) {
            stream.onRemoteEnd();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            stream.onRoom();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        armed = false;
        if (cause instanceof QuicStreamResetException reset) {
            resetSeen = true;
            connection.streams().onResetSeen();
            stream.onRemoteReset(QuicCodes.read(reset.applicationProtocolCode()));
        } else {
            log.debug("stream {}: {}", stream.id(), cause.toString());
            stream.onRemoteReset(ErrorCode.NONE);
        }
    }

    /** With the connection, which has told the stream before; or by the codec, when both ends were seen. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        released = true;
        connection.streams().forget(stream);
        stream.onRemoteReset(ErrorCode.NONE);
    }
}
