package io.reactivep2p.multistream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ProtocolId;
import java.util.List;

class NegotiationFuzzTest {

    private static final List<ProtocolId> OFFERED = List.of(ProtocolId.of("/echo/2.0.0"), ProtocolId.of("/echo/1.0.0"));

    @FuzzTest
    void anyBytesEndInAgreementOrInANegotiationException(FuzzedDataProvider data) {
        int chunk = data.consumeInt(1, 64);
        survives(data.consumeRemainingAsBytes(), chunk, "fuzzed");
    }

    static void survives(byte[] input, int chunk, String description) {
        survives(NegotiationSession.responder(OFFERED::contains), input, chunk, description);
        survives(NegotiationSession.initiator(OFFERED), input, chunk, description);
    }

    private static void survives(NegotiationSession session, byte[] input, int chunk, String description) {
        ByteBuf in = Unpooled.wrappedBuffer(input);
        int sent = 0;
        try {
            while (in.isReadable() && session.selected() == null) {
                ByteBuf slice = in.readSlice(Math.min(chunk, in.readableBytes()));
                session.onData(slice);
                if (session.selected() == null) {
                    assertThat(slice.isReadable()).as(description).isFalse();
                } else {
                    assertThat(session.selected()).as(description).isIn(OFFERED);
                }
                ByteBuf output = session.pollOutput();
                sent += output == null ? 0 : output.readableBytes();
            }
        } catch (NegotiationException expected) {
            assertThat(expected.getMessage()).as(description).isNotBlank();
        }
        // Beside the greeting, no more comes back than was sent: nobody is amplified.
        assertThat(sent).as(description).isLessThanOrEqualTo(40 + 2 * input.length);
    }
}
