package io.reactivep2p.pubsub.router;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.SansIo;
import java.util.concurrent.TimeUnit;

/**
 * How a peer treats the streams that we open to it. rust-libp2p's floodsub reads the first RPC of a stream and drops the stream, or drops it
 * after 10 s without one; everybody else reads on. Nothing on the wire tells one from the other but what becomes of a stream.
 *
 * <pre>
 *            dropped early              dropped again
 *   READS_ON -------------> ON_TRIAL -----------------> ONE_RPC
 *        ^                     |                           |
 *        +---------------------+---------------------------+
 *          kept past a first RPC      given up
 * </pre>
 *
 * <p>On trial it is sent one RPC on a new stream, and the next only when it is clear whether it keeps the stream: a peer that ended the one
 * before for another reason has its one stream again soon, and sees no second beside it. Only of floodsub: gossipsub has always been
 * one stream for everything.
 */
@SansIo
final class StreamHabit {

    static final ProtocolId FLOODSUB = ProtocolId.of("/floodsub/1.0.0");

    /** Who has kept a stream so long reads on: twice the 10 s that rust-libp2p waits for the first RPC. */
    static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private Use use = Use.READS_ON;

    /** What to use a stream to the peer for. */
    enum Use {
        /** Everything. */
        READS_ON,
        /** One RPC, and everything else as soon as it seems to be kept. */
        ON_TRIAL,
        /** One RPC. */
        ONE_RPC
    }

    static boolean mayDrop(ProtocolId protocol) {
        return protocol.equals(FLOODSUB);
    }

    Use use() {
        return use;
    }

    /** The peer ended a stream, and not its connection. Returns whether it may have dropped it after one RPC. */
    boolean onDropped(ProtocolId protocol, long livedNanos) {
        if (!mayDrop(protocol) || livedNanos >= KEPT_NANOS) {
            return false;
        }
        use = use == Use.READS_ON ? Use.ON_TRIAL : Use.ONE_RPC;
        return true;
    }

    /** On trial, it still had the stream a while after the first RPC. */
    void onKept() {
        use = Use.READS_ON;
    }

    /** It takes no streams; one that comes later is another beginning. */
    void onGivenUp() {
        use = Use.READS_ON;
    }
}
