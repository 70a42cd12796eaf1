package io.reactivep2p.multistream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.testing.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NegotiationSessionTest {

    private static final ProtocolId ECHO = ProtocolId.of("/echo/1.0.0");
    private static final ProtocolId ECHO2 = ProtocolId.of("/echo/2.0.0");
    private static final ProtocolId LONG = ProtocolId.of("/" + "x".repeat(300));
    private static final String HEADER = "/multistream/1.0.0";

    @Test
    void initiatorSendsHeaderAndFirstProposalInOneWrite() {
        NegotiationSession initiator = NegotiationSession.initiator(List.of(ECHO, ECHO2));

        assertThat(text(initiator.pollOutput())).isEqualTo(text(messages(HEADER, "/echo/1.0.0")));
        assertThat(initiator.pollOutput()).isNull();
    }

    @Test
    void responderAnswersHeaderAndProposalInOneWrite() {
        NegotiationSession responder = NegotiationSession.responder(ECHO::equals);

        responder.onData(messages(HEADER, "/echo/1.0.0"));

        assertThat(responder.selected()).isEqualTo(ECHO);
        assertThat(text(responder.pollOutput())).isEqualTo(text(messages(HEADER, "/echo/1.0.0")));
        assertThat(responder.pollOutput()).isNull();
    }

    @Test
    void responderSendsItsHeaderAloneToAnInitiatorThatWaitsForIt() {
        NegotiationSession responder = NegotiationSession.responder(ECHO::equals);

        responder.onData(messages(HEADER));
        assertThat(text(responder.pollOutput())).isEqualTo(text(messages(HEADER)));
        responder.onData(messages("/echo/1.0.0"));

        assertThat(text(responder.pollOutput())).isEqualTo(text(messages("/echo/1.0.0")));
        assertThat(responder.selected()).isEqualTo(ECHO);
    }

    @Test
    void initiatorTakesTheHeaderThatAResponderSendsEagerly() {
        NegotiationSession initiator = NegotiationSession.initiator(List.of(ECHO));

        initiator.onData(messages(HEADER));
        assertThat(initiator.selected()).isNull();
        initiator.onData(messages("/echo/1.0.0"));

        assertThat(initiator.selected()).isEqualTo(ECHO);
    }

    @Test
    void conversationsAgreeAtEverySplitPointAndKeepTheBytesBehindThem() {
        ByteBuf toResponder = concat(messages(HEADER, "/echo/2.0.0", LONG.value(), "/echo/1.0.0"), "application");
        ByteBuf toInitiator = concat(messages(HEADER, "na", "na", "/echo/1.0.0"), "application");
        for (int first = 0; first <= toResponder.readableBytes(); first++) {
            NegotiationSession responder = NegotiationSession.responder(ECHO::equals);
            StringBuilder answers = new StringBuilder();
            String rest = feed(responder, toResponder, first, answers);
            assertThat(responder.selected()).as("split at %d", first).isEqualTo(ECHO);
            assertThat(rest).isEqualTo("application");
            assertThat(answers.toString()).isEqualTo(text(messages(HEADER, "na", "na", "/echo/1.0.0")));
        }
        for (int first = 0; first <= toInitiator.readableBytes(); first++) {
            NegotiationSession initiator = NegotiationSession.initiator(List.of(ECHO2, LONG, ECHO));
            StringBuilder proposals = new StringBuilder();
            assertThat(feed(initiator, toInitiator, first, proposals)).isEqualTo("application");
            assertThat(initiator.selected()).as("split at %d", first).isEqualTo(ECHO);
        }
    }

    @Test
    void conversationsAgreeByteByByte() {
        NegotiationSession initiator = NegotiationSession.initiator(List.of(ECHO2, LONG));
        NegotiationSession responder = NegotiationSession.responder(LONG::equals);

        converse(initiator, responder, 1);

        assertThat(initiator.selected()).isEqualTo(LONG);
        assertThat(responder.selected()).isEqualTo(LONG);
    }

    @Test
    void initiatorFailsWhenEverythingIsRefused() {
        NegotiationSession initiator = NegotiationSession.initiator(List.of(ECHO, ECHO2));
        initiator.onData(messages(HEADER, "na"));

        assertThatExceptionOfType(NegotiationException.class)
                .isThrownBy(() -> initiator.onData(messages("na")))
                .withMessageContaining("/echo/1.0.0")
                .satisfies(e -> assertThat(e.offered()).containsExactly(ECHO, ECHO2));
    }

    @Test
    void initiatorRefusesAnAnswerToAnotherQuestion() {
        for (String answer : List.of("/echo/1.0", "/echo/1.0.00", "ls", HEADER, "no", "\u0007bell")) {
            NegotiationSession initiator = NegotiationSession.initiator(List.of(ECHO));
            refuses(initiator, messages(HEADER, answer));
        }
    }

    @Test
    void whatIsNotTheHeaderIsRefusedInFirstPlace() {
        refuses(NegotiationSession.initiator(List.of(ECHO)), messages("/echo/1.0.0"));
        refuses(NegotiationSession.initiator(List.of(ECHO)), messages("na"));
        refuses(NegotiationSession.responder(ECHO::equals), messages("/echo/1.0.0"));
        refuses(NegotiationSession.responder(ECHO::equals), messages("/multistream/2.0.0"));
        refuses(
                NegotiationSession.responder(ECHO::equals),
                concat(Unpooled.buffer(), "GET / HTTP/1.1\r\nHost: " + "x".repeat(100) + "\r\n\r\n"));
    }

    @Test
    void listingIsAnsweredNotAvailable() {
        NegotiationSession responder = NegotiationSession.responder(ECHO::equals);

        responder.onData(messages(HEADER, "ls"));

        assertThat(text(responder.pollOutput())).isEqualTo(text(messages(HEADER, "na")));
    }

    @Test
    void namesThatAreNoProtocolIdsAreAnsweredNotAvailable() {
        NegotiationSession responder = NegotiationSession.responder(id -> true);
        ByteBuf notUtf8 = Unpooled.wrappedBuffer(new byte[] {4, '/', (byte) 0xC3, '(', '\n'});

        responder.onData(messages(HEADER, "echo", "/two\nlines"));
        responder.onData(notUtf8);

        assertThat(responder.selected()).isNull();
        assertThat(text(responder.pollOutput())).isEqualTo(text(messages(HEADER, "na", "na", "na")));
    }

    @Test
    void responderGivesUpAfterTooManyRefusals() {
        NegotiationSession responder = NegotiationSession.responder(ECHO::equals);
        responder.onData(messages(HEADER));
        for (int i = 0; i < ResponderSession.MAX_PROPOSALS; i++) {
            responder.onData(messages("/other/" + i));
        }
        refuses(responder, messages("/one-too-many"));
    }

    /** Each zero byte once drew an answer. */
    @Test
    void publicAttacknets7ZeroLengthMessageEndsTheNegotiationAtOnce() {
        NegotiationSession responder = NegotiationSession.responder(ECHO::equals);
        responder.onData(messages(HEADER));
        responder.pollOutput();

        refuses(responder, Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 0}));
        assertThat(responder.pollOutput()).isNull();
        refuses(NegotiationSession.responder(ECHO::equals), Unpooled.wrappedBuffer(new byte[] {0}));
        refuses(NegotiationSession.initiator(List.of(ECHO)), Unpooled.wrappedBuffer(new byte[] {0}));
    }

    @Test
    void anEmptyNameIsRefused() {
        NegotiationSession responder = NegotiationSession.responder(ECHO::equals);
        refuses(responder, concat(messages(HEADER), "\u0001\n"));
    }

    @Test
    void aMessageOfTheGreatestSizeIsTakenAndOneByteMoreIsRefusedBeforeItArrives() {
        ProtocolId greatest = ProtocolId.of("/" + "y".repeat(1022));
        NegotiationSession responder = NegotiationSession.responder(greatest::equals);
        responder.onData(messages(HEADER, greatest.value()));
        assertThat(responder.selected()).isEqualTo(greatest);

        refuses(NegotiationSession.responder(greatest::equals), Unpooled.wrappedBuffer(new byte[] {(byte) 0x81, 0x08}));
    }

    @Test
    void aProtocolIdThatDoesNotFitIsRefusedWhereItIsOffered() {
        ProtocolId wide = ProtocolId.of("/" + "\u00e9".repeat(600));
        assertThatIllegalArgumentException().isThrownBy(() -> NegotiationSession.initiator(List.of(wide)));
        assertThatIllegalArgumentException().isThrownBy(() -> NegotiationSession.initiator(List.of()));
    }

    @Test
    void theEndOfTheBytesFailsANegotiationUnderWay() {
        NegotiationSession initiator = NegotiationSession.initiator(List.of(ECHO));
        NegotiationSession responder = NegotiationSession.responder(ECHO::equals);

        assertThatExceptionOfType(NegotiationException.class).isThrownBy(initiator::onEnd);
        assertThatExceptionOfType(NegotiationException.class).isThrownBy(responder::onEnd);
    }

    @Test
    void theNamesRememberedAreBounded() {
        for (int i = 0; i < 10 * ProtocolName.CACHE_SLOTS; i++) {
            ProtocolId id = ProtocolId.of("/many/" + i);
            NegotiationSession responder = NegotiationSession.responder(id::equals);
            converse(NegotiationSession.initiator(List.of(id)), responder, 7);
            assertThat(responder.selected()).isEqualTo(id);
        }
    }

    @Test
    void vectorsAreWhatIsWrittenAndInvalidOnesAreRefused() {
        for (JsonNode vector : Vectors.load("multistream.json")) {
            byte[] bytes = ByteBufUtil.decodeHexDump(vector.get("hex").asText());
            if (vector.path("valid").asBoolean(true)) {
                assertThat(ByteBufUtil.hexDump(messages(vector.get("message").asText())))
                        .isEqualTo(vector.get("hex").asText());
                MessageReader reader = new MessageReader(List.of());
                assertThat(reader.next(Unpooled.wrappedBuffer(bytes))).isTrue();
                assertThat(reader.excerpt()).isEqualTo(vector.get("message").asText());
            } else {
                refuses(NegotiationSession.responder(ECHO::equals), Unpooled.wrappedBuffer(bytes));
            }
        }
        assertThat(ByteBufUtil.hexDump(ProtocolName.HEADER)).isEqualTo("132f6d756c746973747265616d2f312e302e300a");
        assertThat(ByteBufUtil.hexDump(ProtocolName.NOT_AVAILABLE)).isEqualTo("036e610a");
        assertThat(ByteBufUtil.hexDump(ProtocolName.of(ProtocolId.of("/noise")).message()))
                .isEqualTo("072f6e6f6973650a");
    }

    @Test
    void randomBytesEndInAgreementOrInANegotiationException() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            byte[] junk = new byte[random.nextInt(60)];
            random.nextBytes(junk);
            ByteBuf input = random.nextBoolean()
                    ? concat(messages(HEADER), "").writeBytes(junk)
                    : Unpooled.buffer().writeBytes(junk);
            if (random.nextBoolean() && input.isReadable()) {
                input.setByte(random.nextInt(input.readableBytes()), random.nextInt(256));
            }
            NegotiationFuzzTest.survives(ByteBufUtil.getBytes(input), 1 + random.nextInt(20), "seed " + seed);
        }
    }

    static void refuses(NegotiationSession session, ByteBuf input) {
        assertThatExceptionOfType(NegotiationException.class).isThrownBy(() -> session.onData(input));
        assertThat(session.selected()).isNull();
    }

    private static String feed(NegotiationSession session, ByteBuf all, int first, StringBuilder outputs) {
        ByteBuf head = all.copy(0, first);
        ByteBuf tail = all.copy(first, all.readableBytes() - first);
        session.onData(head);
        append(outputs, session.pollOutput());
        if (session.selected() == null) {
            session.onData(tail);
            append(outputs, session.pollOutput());
        }
        return text(head) + text(tail);
    }

    private static void converse(NegotiationSession one, NegotiationSession other, int chunk) {
        for (int i = 0; i < 100; i++) {
            pass(one, other, chunk);
            pass(other, one, chunk);
        }
    }

    private static void pass(NegotiationSession from, NegotiationSession to, int chunk) {
        ByteBuf bytes = from.pollOutput();
        while (bytes != null && bytes.isReadable()) {
            to.onData(bytes.readSlice(Math.min(chunk, bytes.readableBytes())));
        }
    }

    private static void append(StringBuilder outputs, ByteBuf output) {
        if (output != null) {
            outputs.append(text(output));
        }
    }

    static ByteBuf messages(String... texts) {
        ByteBuf out = Unpooled.buffer();
        for (String text : texts) {
            byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
            if (bytes.length < 128) {
                out.writeByte(bytes.length);
            } else {
                out.writeByte(bytes.length & 0x7F | 0x80).writeByte(bytes.length >> 7);
            }
            out.writeBytes(bytes);
        }
        return out;
    }

    static ByteBuf concat(ByteBuf messages, String data) {
        return messages.writeBytes(data.getBytes(StandardCharsets.ISO_8859_1));
    }

    static String text(ByteBuf bytes) {
        return bytes == null ? "" : bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
