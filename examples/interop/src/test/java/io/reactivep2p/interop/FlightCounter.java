package io.reactivep2p.interop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/**
 * Counts the flights of a connection at its socket: what one side says before it waits for the other is one, in however many pieces it
 * comes. Confined to the event loop.
 */
final class FlightCounter extends ChannelDuplexHandler {

    static final char OURS = '>';
    static final char THEIRS = '<';

    private final StringBuilder flights = new StringBuilder();

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) throws Exception {
        note(OURS, message);
        super.write(ctx, message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        note(THEIRS, message);
        super.channelRead(ctx, message);
    }

    private void note(char whose, Object message) {
        if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
            return; // nothing goes out: TLS writes empty buffers to hear when others are gone
        }
        if (flights.isEmpty() || flights.charAt(flights.length() - 1) != whose) {
            flights.append(whose);
        }
    }

    /** A sign for each so far, for example {@code ><>}: we spoke, they answered, we spoke again. */
    String flights() {
        return flights.toString();
    }
}
