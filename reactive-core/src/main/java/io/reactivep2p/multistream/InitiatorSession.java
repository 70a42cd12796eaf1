package io.reactivep2p.multistream;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.SansIo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Proposes protocols one after the other until the responder echoes one. */
@SansIo
final class InitiatorSession implements NegotiationSession {

    private final List<ProtocolId> protocols;
    private final MessageReader reader;
    private ProtocolName proposal;
    private int proposed;
    private boolean headerSeen;
    private @Nullable ByteBuf output;
    private @Nullable ProtocolId selected;

    InitiatorSession(List<ProtocolId> protocols) {
        this.protocols = List.copyOf(protocols);
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("no protocol to propose");
        }
        this.reader = new MessageReader(this.protocols);
        this.proposal = ProtocolName.of(this.protocols.get(0));
        this.output = proposal.greeting();
    }

    @Override
    public void onData(ByteBuf in) {
        while (selected == null && reader.next(in)) {
            if (!headerSeen) {
                if (!reader.is(ProtocolName.HEADER)) {
                    throw violation("the header /multistream/1.0.0");
                }
                headerSeen = true;
            } else if (reader.is(proposal)) {
                selected = proposal.id();
            } else if (reader.is(ProtocolName.NOT_AVAILABLE)) {
                proposeNext();
            } else {
                throw violation("'" + proposal.id() + "' or 'na'");
            }
        }
    }

    @Override
    public void onEnd() {
        if (selected == null) {
            throw new NegotiationException(
                    "the remote peer ended its side before it answered the proposal of " + proposal.id(), protocols);
        }
    }

    @Override
    public boolean greeted() {
        return headerSeen;
    }

    @Override
    public @Nullable ByteBuf pollOutput() {
        ByteBuf bytes = output;
        output = null;
        return bytes;
    }

    @Override
    public @Nullable ProtocolId selected() {
        return selected;
    }

    private void proposeNext() {
        proposed++;
        if (proposed == protocols.size()) {
            throw new NegotiationException("the remote peer speaks none of " + protocols, protocols);
        }
        proposal = ProtocolName.of(protocols.get(proposed));
        output = proposal.message();
    }

    private NegotiationException violation(String expected) {
        return new NegotiationException("expected " + expected + ", received '" + reader.excerpt() + "'", protocols);
    }
}
