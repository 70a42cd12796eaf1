package io.reactivep2p.multistream;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.SansIo;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One side of a multistream-select negotiation, without any input or output of its own: bytes in, bytes out. Drain {@link #pollOutput}
 * after creation and after each input. Works on any byte stream: one muxed stream, or a connection that is being upgraded.
 */
@SansIo
public sealed interface NegotiationSession permits InitiatorSession, ResponderSession {

    /**
     * The side that proposes.
     *
     * @param protocols in order of preference, at least one
     */
    static NegotiationSession initiator(List<ProtocolId> protocols) {
        return new InitiatorSession(protocols);
    }

    /** The side that answers. */
    static NegotiationSession responder(Predicate<ProtocolId> supported) {
        return new ResponderSession(supported);
    }

    /**
     * Bytes arrived. Takes those of the negotiation from {@code in} and leaves those behind it; does not release it. Not called once
     * {@link #selected} has an answer.
     *
     * @throws NegotiationException if nothing was agreed on or the remote side broke the rules; the session is of no use afterwards
     */
    void onData(ByteBuf in);

    /**
     * No more bytes will arrive.
     *
     * @throws NegotiationException if the negotiation is still under way
     */
    void onEnd();

    /** Whether the remote side's header has come: it does speak multistream-select. */
    boolean greeted();

    /** The bytes to send, the caller's to release; {@code null} when there are none. To be sent even when {@link #selected} is known. */
    @Nullable
    ByteBuf pollOutput();

    /** What was agreed on; {@code null} while that is open. */
    @Nullable
    ProtocolId selected();
}
