package io.reactivep2p.multistream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.SansIo;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers proposals until it takes one. Its header goes out together with the first answer; only to an initiator whose proposal has not
 * come with its header does it go out alone, for that one may be waiting for it.
 */
@SansIo
final class ResponderSession implements NegotiationSession {

    /**
     * Refused proposals before the initiator is given up. go and rust allow 1,000; an initiator offers the versions of one protocol, which
     * are a handful, and each refusal costs us a look-up and a write.
     */
    static final int MAX_PROPOSALS = 64;

    private final Predicate<ProtocolId> supported;
    private final MessageReader reader = new MessageReader(List.of());
    private boolean headerSeen;
    private boolean headerSent;
    private int refused;
    private @Nullable ByteBuf output;
    private @Nullable ProtocolId selected;

    ResponderSession(Predicate<ProtocolId> supported) {
        this.supported = supported;
    }

    @Override
    public void onData(ByteBuf in) {
        while (selected == null && reader.next(in)) {
            if (headerSeen) {
                answer();
            } else if (reader.is(ProtocolName.HEADER)) {
                headerSeen = true;
            } else {
                throw new NegotiationException(
                        "expected the header /multistream/1.0.0, received '" + reader.excerpt() + "'", List.of());
            }
        }
        if (headerSeen && !headerSent) {
            headerSent = true;
            output = ProtocolName.HEADER.copy();
        }
    }

    @Override
    public void onEnd() {
        if (selected == null) {
            throw new NegotiationException(
                    "the remote peer ended its side before it proposed a protocol that is spoken here", List.of());
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

    private void answer() {
        ProtocolName name = reader.name();
        if (name != null && supported.test(name.id())) {
            selected = name.id();
            if (output == null) {
                output = headerSent ? name.message() : name.greeting();
            } else {
                name.writeMessage(output);
            }
        } else {
            refused++;
            if (refused > MAX_PROPOSALS) {
                throw new NegotiationException("more than " + MAX_PROPOSALS + " protocols proposed in vain", List.of());
            }
            refuse();
        }
        headerSent = true;
    }

    private void refuse() {
        ByteBuf answer = output;
        if (answer == null) {
            answer = Unpooled.buffer(32);
            output = answer;
        }
        if (!headerSent) {
            answer.writeBytes(ProtocolName.HEADER, 0, ProtocolName.HEADER.writerIndex());
        }
        answer.writeBytes(ProtocolName.NOT_AVAILABLE, 0, ProtocolName.NOT_AVAILABLE.writerIndex());
    }
}
