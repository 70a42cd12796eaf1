package io.reactivep2p.multistream;

import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.muxer.MuxedStream;
import java.util.List;
import java.util.function.Predicate;

/**
 * multistream-select on a {@link MuxedStream}: agrees with the remote peer on the protocol of one stream. Called on the stream's event
 * loop; time limits are the caller's, who aborts the {@link Negotiation}.
 */
public final class Multistream {

    private Multistream() {}

    /**
     * Offers {@code protocols} in order and waits for the answer. On failure the stream is reset.
     *
     * @param protocols at least one
     */
    public static Negotiation select(MuxedStream stream, List<ProtocolId> protocols, Outcome outcome) {
        List<ProtocolId> offered = List.copyOf(protocols);
        return new StreamNegotiation(stream, NegotiationSession.initiator(offered), offered, outcome).start();
    }

    /**
     * Offers one protocol without waiting: the proposal travels with the first bytes written (or the end of the write side, or the
     * first flush; or alone, at the end of the turn of the event loop in which a listener is attached and nothing written), and the
     * answer is taken off the front of what arrives. A refusal is the stream's error, {@link
     * NegotiationException}, and resets it.
     *
     * @return the stream as the application sees it
     */
    public static MuxedStream selectLazily(MuxedStream stream, ProtocolId protocol) {
        return new LazyStream(stream, ProtocolName.of(protocol));
    }

    /** Answers the remote peer's proposals until {@code supported} takes one. On failure the stream is reset. */
    public static Negotiation respond(MuxedStream stream, Predicate<ProtocolId> supported, Outcome outcome) {
        return new StreamNegotiation(stream, NegotiationSession.responder(supported), List.of(), outcome).start();
    }

    /** How a negotiation ends: one of the methods is called, once, on the event loop. */
    public interface Outcome {

        /**
         * Agreed. {@code stream} is the stream behind the negotiation; the receiver attaches its listener before it returns, and bytes that
         * came with the last message of the negotiation are handed to it.
         */
        void selected(ProtocolId protocol, MuxedStream stream);

        /** Not agreed; the stream has been reset. */
        void failed(Libp2pException cause);
    }

    /** A negotiation under way. */
    public interface Negotiation {

        boolean isDone();

        /** Resets the stream and fails the outcome with {@code cause}; no effect when done. */
        void abort(Libp2pException cause);
    }
}
