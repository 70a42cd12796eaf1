package io.reactivep2p.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each datagram of a socket to the half of the codec that it is for. Each half takes every datagram it is shown, so the two cannot
 * simply stand one behind the other.
 *
 * <pre>
 *   socket | router | server half, on a socket that listens | client half
 * </pre>
 */
final class DatagramRouter extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(DatagramRouter.class);

    /** By the connection ids that we made for them, so a peer cannot choose where in the table they are. */
    private final LongObjectMap<QuicHandler> dialed = new LongObjectHashMap<>();

    private final LongPredicate isDialed = dialed::containsKey;
    private final HandshakeGate gate;
    private final Queue<Runnable> afterReading = new ArrayDeque<>();
    /** The context whose next handler is the client half. */
    private @Nullable ChannelHandlerContext beforeClient;

    private boolean reading;

    DatagramRouter(HandshakeGate gate) {
        this.gate = gate;
    }

    /** @param beforeClient this handler's context, or that of the server half */
    void start(ChannelHandlerContext beforeClient) {
        this.beforeClient = beforeClient;
    }

    boolean knows(long id) {
        return dialed.containsKey(id);
    }

    void add(long id, QuicHandler connection) {
        dialed.put(id, connection);
    }

    void remove(long id) {
        dialed.remove(id);
    }

    /** Whether more datagrams may come in this turn. */
    boolean isReading() {
        return reading;
    }

    /** Runs behind the last datagram of this turn, before what is to be sent for them is sent. */
    void afterReading(Runnable task) {
        afterReading.add(task);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ChannelHandlerContext client = beforeClient;
        if (!(message instanceof DatagramPacket datagram) || client == null) {
            ReferenceCountUtil.release(message);
            return;
        }
        reading = true;
        ByteBuf content = datagram.content();
        switch (QuicPacket.route(content, isDialed, gate.isListening())) {
            case NONE -> datagram.release();
            case ACCEPTED -> {
                if (client == ctx) {
                    datagram.release();
                } else {
                    ctx.fireChannelRead(datagram);
                }
            }
            case DIALED -> {
                long id = QuicPacket.dialedId(content);
                QuicHandler connection = dialed.get(id);
                boolean confirms = connection.awaitsConfirmation() && QuicPacket.hasShortHeader(content, id);
                client.fireChannelRead(datagram);
                if (confirms) {
                    connection.onConfirmed();
                }
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        for (Runnable task = afterReading.poll(); task != null; task = afterReading.poll()) {
            task.run();
        }
        ctx.fireChannelReadComplete();
        ChannelHandlerContext client = beforeClient;
        if (client != null && client != ctx) {
            client.fireChannelReadComplete();
        }
    }

    /** Of the socket, for example that nobody listens where something was sent to. What it means, time will tell. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug("{}", ctx.channel(), cause);
    }
}
