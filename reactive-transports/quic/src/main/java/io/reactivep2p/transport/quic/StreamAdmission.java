package io.reactivep2p.transport.quic;

import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.muxer.StreamOpening;
import io.reactivep2p.resource.ResourceLimitException;
import java.util.ArrayDeque;
import java.util.Queue;

/** Opens the streams of a connection that the peer admits; the others wait for it in the order they came. On the event loop. */
final class StreamAdmission {

    /** Who may wait for the peer to admit another stream; as in Yamux. */
    private static final int MAX_WAITING = 1_024;

    private final QuicHandler connection;
    private final Queue<StreamOpening.Request> waiting = new ArrayDeque<>();

    StreamAdmission(QuicHandler connection) {
        this.connection = connection;
    }

    void open(StreamOpening.Request request) {
        ConnectionClosedException cause = connection.closeCause();
        if (cause != null) {
            request.onFailed(cause);
        } else if (waiting.isEmpty() && isAdmitted()) {
            create(request);
        } else if (waiting.size() >= MAX_WAITING) {
            request.onFailed(new ResourceLimitException(
                    "connection", MAX_WAITING + " streams wait to be opened already, because the peer admits none"));
        } else {
            waiting.add(request);
        }
    }

    void cancel(StreamOpening.Request request) {
        waiting.remove(request);
    }

    /** The peer has said how many it admits. */
    void onLimitChanged() {
        while (!waiting.isEmpty() && !connection.isClosed() && isAdmitted()) {
            create(waiting.remove());
        }
    }

    void fail(ConnectionClosedException cause) {
        while (!waiting.isEmpty()) {
            waiting.remove().onFailed(cause);
        }
    }

    private boolean isAdmitted() {
        return connection.channel().peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) > 0;
    }

    private void create(StreamOpening.Request request) {
        Future<QuicStreamChannel> creating = connection
                .channel()
                .createStream(QuicStreamType.BIDIRECTIONAL, new ChannelInitializer<QuicStreamChannel>() {
                    @Override
                    protected void initChannel(QuicStreamChannel created) {
                        created.pipeline().addLast(new QuicStreamHandler(connection, created));
                    }
                });
        creating.addListener(done -> {
            if (!done.isSuccess()) {
                request.onFailed(new ConnectionClosedException(ErrorCode.NONE, false, done.cause()));
                return;
            }
            QuicStreamHandler wire = creating.getNow().pipeline().get(QuicStreamHandler.class);
            connection.streams().add(wire.stream());
            request.onOpened(wire.stream());
            wire.read();
        });
    }
}
