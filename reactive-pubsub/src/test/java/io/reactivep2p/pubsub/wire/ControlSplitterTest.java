package io.reactivep2p.pubsub.wire;

import static io.reactivep2p.pubsub.wire.Rpcs.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.testing.Rounds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ControlSplitterTest {

    private static final RpcLimits LIMITS = RpcLimits.defaults();
    private static final RpcLimits SMALL = new RpcLimits(1_000, 600, 10, 10, 10, 12, 4);
    private static final Control NOTHING = new Control(List.of(), List.of(), List.of(), List.of(), List.of(), 0, null);

    private static List<MessageId> ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> id("message " + i)).toList();
    }

    /** What the pieces say together, ids of IHAVE by topic in their order. */
    private static Control joined(List<Control> pieces) {
        List<Control.IHave> ihave = new ArrayList<>();
        List<MessageId> iwant = new ArrayList<>();
        List<String> graft = new ArrayList<>();
        List<Control.Prune> prune = new ArrayList<>();
        List<MessageId> idontwant = new ArrayList<>();
        Control.Extensions extensions = null;
        for (Control piece : pieces) {
            piece.ihave().forEach(have -> {
                Control.IHave last = ihave.isEmpty() ? null : ihave.get(ihave.size() - 1);
                if (last != null && last.topic().equals(have.topic())) {
                    List<MessageId> both = new ArrayList<>(last.ids());
                    both.addAll(have.ids());
                    ihave.set(ihave.size() - 1, new Control.IHave(have.topic(), both));
                } else {
                    ihave.add(have);
                }
            });
            iwant.addAll(piece.iwant());
            graft.addAll(piece.graft());
            prune.addAll(piece.prune());
            idontwant.addAll(piece.idontwant());
            extensions = piece.extensions() == null ? extensions : piece.extensions();
        }
        return new Control(ihave, iwant, graft, prune, idontwant, idontwant.isEmpty() ? 0 : 1, extensions);
    }

    @Test
    void whatFitsStaysTogether() {
        Control control = new Control(
                List.of(new Control.IHave("a", ids(100))),
                ids(10),
                List.of("a", "b"),
                List.of(new Control.Prune("c", List.of(), OptionalLong.of(60))),
                ids(10),
                1,
                Control.Extensions.NONE);
        assertThat(ControlSplitter.split(control, LIMITS)).containsExactly(control);
    }

    @Test
    void nothingIsNoPiece() {
        assertThat(ControlSplitter.split(NOTHING, LIMITS)).isEmpty();
        assertThat(ControlSplitter.split(Control.ihave(new Control.IHave("a", List.of())), LIMITS))
                .isEmpty();
    }

    @Test
    void everyPieceIsReadWholeByWhoHasTheSameLimitsAndNothingIsLost() {
        Rounds.of(500, random -> {
            Control whole = Rpcs.control(random);
            RpcLimits limits = random.nextBoolean() ? SMALL : LIMITS;
            List<Control> pieces = ControlSplitter.split(whole, limits);
            for (Control piece : pieces) {
                Rpc rpc = Rpc.ofControl(piece);
                assertThat(RpcWriter.size(rpc)).isLessThanOrEqualTo(limits.maxControlBytes());
                assertThat(Generated.of(
                                Rpcs.decode(limits, Rpcs.encode(rpc, limits)).get(0)))
                        .isEqualTo(Generated.of(rpc));
                assertThat(piece.idontwant()).hasSizeLessThanOrEqualTo(ControlSplitter.MAX_IDONTWANT_IDS);
            }
            Control expected = joined(List.of(whole));
            Control actual = joined(pieces);
            assertThat(actual.ihave()).isEqualTo(expected.ihave());
            assertThat(actual.iwant()).isEqualTo(whole.iwant());
            assertThat(actual.graft()).isEqualTo(whole.graft());
            assertThat(actual.idontwant()).isEqualTo(whole.idontwant());
            assertThat(actual.extensions()).isEqualTo(whole.extensions());
            assertThat(actual.prune())
                    .extracting(Control.Prune::topic)
                    .isEqualTo(whole.prune().stream().map(Control.Prune::topic).toList());
            assertThat(actual.prune())
                    .extracting(Control.Prune::backoffSeconds)
                    .isEqualTo(whole.prune().stream()
                            .map(Control.Prune::backoffSeconds)
                            .toList());
        });
    }

    @Test
    void piecesAreFull() {
        Control have = Control.ihave(new Control.IHave("topic", ids(5_000)));
        int bytes = ControlWriter.size(have);
        List<Control> pieces = ControlSplitter.split(have, LIMITS);
        assertThat(pieces).hasSize(bytes / LIMITS.maxControlBytes() + 1);
    }

    @Test
    void idontwantGoesInPiecesOfWhatGoReads() {
        assertThat(ControlSplitter.split(Control.idontwant(ids(25)), LIMITS))
                .extracting(piece -> piece.idontwant().size())
                .containsExactly(10, 10, 5);
    }

    @Test
    void whatMustNotBeLostComesFirst() {
        Control control = new Control(
                List.of(new Control.IHave("a", ids(100))),
                ids(100),
                List.of("graft"),
                List.of(new Control.Prune("prune", List.of(), OptionalLong.empty())),
                ids(30),
                1,
                Control.Extensions.NONE);
        Control first = ControlSplitter.split(control, SMALL).get(0);
        assertThat(first.extensions()).isNotNull();
        assertThat(first.prune()).hasSize(1);
        assertThat(first.graft()).hasSize(1);
        assertThat(first.idontwant()).hasSize(10);
    }

    @Test
    void anEntryThatFitsNowhereIsLeftOut() {
        String topic = "t".repeat(600);
        Control control = new Control(
                List.of(new Control.IHave(topic, ids(1)), new Control.IHave("a", ids(1))),
                List.of(),
                List.of(topic, "b"),
                List.of(
                        new Control.Prune(topic, List.of(), OptionalLong.empty()),
                        new Control.Prune("c", List.of(), OptionalLong.empty())),
                List.of(),
                0,
                null);
        Control joined = joined(ControlSplitter.split(control, SMALL));
        assertThat(joined.ihave()).extracting(Control.IHave::topic).containsExactly("a");
        assertThat(joined.graft()).containsExactly("b");
        assertThat(joined.prune()).extracting(Control.Prune::topic).containsExactly("c");
    }

    @Test
    void aPruneLosesThePeersThatDoNotFit() {
        Control.ExchangedPeer peer = new Control.ExchangedPeer(Rpcs.PEER, new byte[200]);
        Control control = Control.prune(new Control.Prune("a", Collections.nCopies(4, peer), OptionalLong.of(9)));
        List<Control> pieces = ControlSplitter.split(control, SMALL);
        assertThat(pieces).hasSize(1);
        assertThat(pieces.get(0).prune().get(0).peers()).hasSize(2);
        assertThat(pieces.get(0).prune().get(0).backoffSeconds()).hasValue(9);
    }
}
