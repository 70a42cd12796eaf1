package io.reactivep2p.testkit;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import java.util.function.IntSupplier;

/** The first handler of a channel under test whose reader asks for nothing: notices who reads on all the same. */
final class DemandWatch extends ChannelDuplexHandler {

    private final IntSupplier handedUp;
    private int before;
    private int delivered;
    private int reads;
    private int readWithoutNeed;

    /** @param handedUp how many bytes have reached the reader */
    DemandWatch(IntSupplier handedUp) {
        this.handedUp = handedUp;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        int now = handedUp.getAsInt();
        if (now > before) {
            delivered++;
            readWithoutNeed += reads;
        }
        before = now;
        reads = 0;
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        reads++;
        ctx.read();
    }

    /** How many times something was handed up. */
    int delivered() {
        return delivered;
    }

    /** How many times more was read after something had been handed up. */
    int readWithoutNeed() {
        return readWithoutNeed;
    }
}
