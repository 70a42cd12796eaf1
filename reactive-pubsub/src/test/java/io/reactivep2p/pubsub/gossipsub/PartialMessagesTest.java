package io.reactivep2p.pubsub.gossipsub;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.id;
import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static io.reactivep2p.pubsub.gossipsub.TestRouter.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.Control;
import io.reactivep2p.pubsub.wire.PartialMessage;
import io.reactivep2p.pubsub.wire.PartialSupport;
import io.reactivep2p.pubsub.wire.Subscription;
import io.reactivep2p.resource.ResourceLimitException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Messages of 8 parts, of which a bit of one byte of metadata says whether it is there; parts are as many bytes as there are. */
class PartialMessagesTest {

    private static final byte[] GROUP = {7};

    private final List<PartialMessage> passed = new ArrayList<>();
    private final TestRouter router = new TestRouter(spec -> spec.partialMessages(this::passed)
            .common(options -> options.maxRpcBytes(64 << 10))
            .floodPublish(false));

    private byte @Nullable [] passed(PeerId from, PartialMessage partial, byte @Nullable [] known) {
        passed.add(partial);
        return partial.metadata() == null ? known : partial.metadata();
    }

    /** Some parts of a message. */
    private record Parts(byte[] group, int has) implements PartialSource {

        @Override
        public PartialAnswer answerTo(PeerId peer, byte @Nullable [] metadata, boolean wantsParts) {
            byte[] here = {(byte) has};
            int lacks = metadata == null ? 0 : has & ~metadata[0] & 0xff;
            return lacks == 0
                    ? PartialAnswer.ofMetadata(here)
                    : new PartialAnswer(
                            new byte[Integer.bitCount(lacks)], here, new byte[] {(byte) (has | metadata[0])});
        }
    }

    // ---- what is said

    @Test
    void whoJoinsSaysWhatBecomesOfParts() {
        assertThat(router.router.announcement(TOPIC)).isEqualTo(new Subscription(true, TOPIC, false, false));
        support(PartialSupport.SENDS);
        assertThat(router.router.announcement(TOPIC)).isEqualTo(new Subscription(true, TOPIC, false, true));
        support(PartialSupport.REQUESTS);
        assertThat(router.router.announcement(TOPIC)).isEqualTo(new Subscription(true, TOPIC, true, true));
        assertThat(router.outputs).as("not joined").isEmpty();
    }

    @Test
    void whoHasJoinedSaysItAgainWhereItChanges() {
        router.join();
        support(PartialSupport.REQUESTS);
        support(PartialSupport.REQUESTS);
        support(PartialSupport.NONE);

        assertThat(router.outputs(RouterOutput.TellAll.class))
                .containsExactly(
                        new RouterOutput.TellAll(new Subscription(true, TOPIC, true, true)),
                        new RouterOutput.TellAll(new Subscription(true, TOPIC, false, false)));
    }

    // ---- publishing

    @Test
    void theMeshIsToldWhichPartsAreHere() {
        join(PartialSupport.REQUESTS);
        partner(1, PartialSupport.REQUESTS);
        partner(2, PartialSupport.SENDS);
        partner(3, PartialSupport.NONE);
        stranger(4);
        graft(1, 4);

        publish(GROUP, 0b11);

        assertThat(sent(peer(1))).containsExactly("-/3");
        assertThat(sent(peer(2))).containsExactly("-/3");
        assertThat(sent(peer(3))).isEmpty();
        assertThat(sent(peer(4))).as("without the extension").isEmpty();
    }

    @Test
    void whoOnlySendsPartsTellsThoseWhoRequestThem() {
        join(PartialSupport.SENDS);
        partner(1, PartialSupport.REQUESTS);
        partner(2, PartialSupport.SENDS);
        graft(1, 2);

        publish(GROUP, 0b11);

        assertThat(sent(peer(1))).containsExactly("-/3");
        assertThat(sent(peer(2))).isEmpty();
    }

    @Test
    void aPeerIsSentThePartsThatItLacksAndTheSameMetadataOnlyOnce() {
        join(PartialSupport.REQUESTS);
        partner(1, PartialSupport.REQUESTS);
        graft(1, 1);
        publish(GROUP, 0b0111);
        receive(peer(1), GROUP, null, 0b0001);
        assertThat(sent(peer(1))).containsExactly("-/7", "2/-");

        publish(GROUP, 0b0111);
        assertThat(sent(peer(1))).as("it has them by now").isEmpty();

        publish(GROUP, 0b1111);
        assertThat(sent(peer(1))).containsExactly("1/15");
    }

    @Test
    void whoRequestsNoPartsIsSentMetadataAlone() {
        join(PartialSupport.REQUESTS);
        partner(1, PartialSupport.SENDS);
        graft(1, 1);
        publish(GROUP, 0b11);
        receive(peer(1), GROUP, null, 0);

        assertThat(sent(peer(1))).containsExactly("-/3");
    }

    @Test
    void aTopicThatIsNotJoinedHasItsFanout() {
        support(PartialSupport.SENDS);
        partner(1, PartialSupport.REQUESTS);
        partner(2, PartialSupport.NONE);
        publish(GROUP, 0b11);
        assertThat(sent(peer(1))).containsExactly("-/3");

        receive(peer(1), GROUP, null, 0);
        assertThat(sent(peer(1))).containsExactly("2/-");
        assertThat(sent(peer(2))).isEmpty();
    }

    @Test
    void whoIsNamedIsSentItAndNobodyElse() {
        support(PartialSupport.SENDS);
        partner(1, PartialSupport.REQUESTS);
        partner(2, PartialSupport.REQUESTS);
        stranger(3);

        router.router.onPartialPublished(TOPIC, new Parts(GROUP, 1), List.of(peer(2), peer(3), peer(9)), router.now);
        router.heartbeat();

        assertThat(sent(peer(1))).isEmpty();
        assertThat(sent(peer(2))).containsExactly("-/1");
        assertThat(sent(peer(3))).isEmpty();
        assertThat(sent(peer(9))).isEmpty();
    }

    @Test
    void aPeerOutsideOfTheMeshThatSpeaksOfAGroupIsAnswered() {
        join(PartialSupport.REQUESTS);
        partner(1, PartialSupport.REQUESTS);
        publish(GROUP, 0b11);
        assertThat(sent(peer(1))).isEmpty();

        receive(peer(1), GROUP, null, 0b1);
        assertThat(sent(peer(1))).containsExactly("1/3");
    }

    @Test
    void whatIsNotAllowedToBePublishedIsRefused() {
        assertThatThrownBy(() -> publish(GROUP, 1)).isInstanceOf(IllegalStateException.class);

        support(PartialSupport.REQUESTS);
        assertThatThrownBy(() -> publish(new byte[PartialMessages.MAX_GROUP_BYTES + 1], 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tooManyMessagesUnderWayAreRefused() {
        join(PartialSupport.REQUESTS);
        for (int i = 0; i < PartialGroups.MAX_PUBLISHED; i++) {
            publish(group(i), 1);
        }
        assertThatThrownBy(() -> publish(group(-1), 1)).isInstanceOf(ResourceLimitException.class);

        publish(group(0), 3);
        router.heartbeats(4);
        publish(group(-1), 1);
    }

    @Test
    void anAnswerThatIsTooLongIsRefusedAndTheOthersHaveTheirs() {
        join(PartialSupport.REQUESTS);
        partner(1, PartialSupport.REQUESTS);
        partner(2, PartialSupport.REQUESTS);
        graft(1, 2);
        PartialSource source = source(peer -> PartialAnswer.ofMetadata(new byte[peer.equals(peer(1)) ? 64 << 10 : 1]));

        assertThatThrownBy(() -> publish(source, List.of())).isInstanceOf(IllegalArgumentException.class);

        assertThat(sent(peer(1))).isEmpty();
        assertThat(sent(peer(2))).containsExactly("-/0");
    }

    @Test
    void aSourceThatThrowsHarmsNobodyElse() {
        join(PartialSupport.REQUESTS);
        partner(1, PartialSupport.REQUESTS);
        graft(1, 1);
        PartialSource source = source(peer -> {
            throw new IllegalStateException("on purpose");
        });
        assertThatThrownBy(() -> publish(source, List.of())).hasMessage("on purpose");

        receive(peer(1), GROUP, null, 0);
        partner(2, PartialSupport.REQUESTS);
        graft(2, 2);
        router.heartbeat();

        assertThat(dropped()).isEqualTo(2);
    }

    // ---- what comes

    @Test
    void partsArePassedOnWhereBothSupportThem() {
        partner(1, PartialSupport.REQUESTS);
        stranger(2);
        router.join();
        receive(peer(1), GROUP, new byte[3], 1);
        assertThat(passed).as("a topic that nothing was said of").isEmpty();

        support(PartialSupport.REQUESTS);
        receive(peer(2), GROUP, new byte[3], 1);
        assertThat(passed).as("without the extension").isEmpty();
        assertThat(dropped()).isEqualTo(2);

        receive(peer(1), GROUP, new byte[3], 1);
        assertThat(passed).hasSize(1);
        assertThat(dropped()).isEqualTo(2);
    }

    @Test
    void partsThatWereNotAskedForAreDropped() {
        join(PartialSupport.SENDS);
        partner(1, PartialSupport.REQUESTS);
        router.receivePartial(peer(1), new PartialMessage(TOPIC, GROUP, new byte[1], null));
        assertThat(passed).isEmpty();
        assertThat(dropped()).isEqualTo(1);

        receive(peer(1), GROUP, new byte[0], 1);
        assertThat(passed).hasSize(1);
        assertThat(dropped()).isEqualTo(1);
    }

    @Test
    void whatIsSaidBesidePartsThatWereNotAskedForIsHeard() {
        join(PartialSupport.SENDS);
        partner(1, PartialSupport.REQUESTS);
        publish(GROUP, 0b11);

        receive(peer(1), GROUP, new byte[1], 0b1);

        assertThat(passed).singleElement().satisfies(partial -> {
            assertThat(partial.parts()).isNull();
            assertThat(partial.metadata()).containsExactly(1);
        });
        assertThat(dropped()).isEqualTo(1);
        assertThat(sent(peer(1))).containsExactly("1/3");
    }

    @Test
    void partsThatWereNotAskedForCountAsWhatTheyTake() {
        join(PartialSupport.SENDS);
        partner(1, PartialSupport.REQUESTS);
        for (int i = 0; i < 10; i++) {
            receive(peer(1), GROUP, new byte[1_000_000], 1);
        }

        assertThat(passed).hasSize(4);
    }

    @Test
    void whatTheApplicationFailsAtIsDroppedAndWhatComesAfterItIsHeard() {
        List<byte[]> heard = new ArrayList<>();
        TestRouter other = new TestRouter(spec -> spec.partialMessages((from, partial, known) -> {
            if (partial.metadata() == null) {
                throw new IllegalArgumentException("no metadata");
            }
            heard.add(partial.metadata());
            return partial.metadata();
        }));
        other.join();
        other.router.onPartialSupport(TOPIC, PartialSupport.REQUESTS);
        other.partner(peer(1), PartialSupport.REQUESTS);

        other.receivePartial(peer(1), new PartialMessage(TOPIC, GROUP, new byte[1], null));
        other.receivePartial(peer(1), new PartialMessage(TOPIC, GROUP, null, new byte[] {1}));

        assertThat(heard).containsExactly(new byte[] {1});
        assertThat(other.outputs(RouterOutput.CountDroppedPart.class)).hasSize(1);
    }

    @Test
    void whatIsTooLongIsDropped() {
        join(PartialSupport.REQUESTS);
        partner(1, PartialSupport.REQUESTS);
        receive(peer(1), new byte[PartialMessages.MAX_GROUP_BYTES + 1], null, 1);
        router.receivePartial(
                peer(1), new PartialMessage(TOPIC, GROUP, null, new byte[PartialMessages.MAX_METADATA_BYTES + 1]));

        assertThat(passed).isEmpty();
        assertThat(dropped()).isEqualTo(2);
    }

    @Test
    void aFloodOfPartsIsCutUntilTheNextHeartbeat() {
        join(PartialSupport.REQUESTS);
        partner(1, PartialSupport.REQUESTS);
        partner(2, PartialSupport.REQUESTS);
        for (int i = 0; i < 2_000; i++) {
            receive(peer(1), GROUP, new byte[1], 1);
        }
        assertThat(passed).hasSize(PartialMessages.MAX_PARTS_PER_HEARTBEAT);
        assertThat(dropped()).isEqualTo(2_000 - PartialMessages.MAX_PARTS_PER_HEARTBEAT);

        passed.clear();
        for (int i = 0; i < 10; i++) {
            receive(peer(2), GROUP, new byte[1_000_000], 1);
        }
        assertThat(passed).hasSize(4);

        passed.clear();
        router.heartbeats(1);
        receive(peer(1), GROUP, new byte[1], 1);
        assertThat(passed).hasSize(1);
    }

    @Test
    void aPeerBeginsWithFewGroupsAndAllPeersWithSome() {
        join(PartialSupport.REQUESTS);
        for (int number = 1; number <= 40; number++) {
            partner(number, PartialSupport.REQUESTS);
            for (int i = 0; i < 10; i++) {
                receive(peer(number), group(number * 100 + i), null, 1);
            }
            assertThat(passed)
                    .hasSize(Math.min(PartialGroups.MAX_FOREIGN, number * PartialGroups.MAX_FOREIGN_PER_PEER));
        }

        publish(group(100), 1);
        receive(peer(40), group(4_009), null, 1);
        assertThat(passed).as("one that is published here makes room").hasSize(PartialGroups.MAX_FOREIGN + 1);
    }

    @Test
    void toComeBackGivesAPeerNoMoreGroups() {
        join(PartialSupport.REQUESTS);
        partner(1, PartialSupport.REQUESTS);
        for (int i = 0; i < PartialGroups.MAX_FOREIGN_PER_PEER; i++) {
            receive(peer(1), group(i), null, 1);
        }
        router.disconnect(peer(1));
        partner(1, PartialSupport.REQUESTS);
        receive(peer(1), group(-1), null, 1);
        assertThat(passed).hasSize(PartialGroups.MAX_FOREIGN_PER_PEER);

        router.heartbeats(4);
        receive(peer(1), group(-1), null, 1);
        assertThat(passed).hasSize(PartialGroups.MAX_FOREIGN_PER_PEER + 1);
    }

    @Test
    void theMetadataThatAreRememberedOfAPeerAreBounded() {
        join(PartialSupport.REQUESTS);
        partner(1, PartialSupport.REQUESTS);
        byte[] longest = new byte[PartialMessages.MAX_METADATA_BYTES];
        int room = PartialGroups.MAX_BYTES_PER_PEER / (longest.length + PartialGroups.ROW_BYTES);
        for (int i = 0; i <= room; i++) {
            publish(group(i), 0xff);
            router.receivePartial(peer(1), new PartialMessage(TOPIC, group(i), null, longest));
        }
        assertThat(dropped()).isEqualTo(1);

        router.receivePartial(peer(1), new PartialMessage(TOPIC, group(0), null, new byte[1]));
        router.receivePartial(peer(1), new PartialMessage(TOPIC, group(room), null, longest));
        assertThat(dropped()).as("shorter ones made room").isEqualTo(1);
    }

    @Test
    void whatTheApplicationMakesNothingOfIsNotRemembered() {
        TestRouter other = new TestRouter(spec -> spec.partialMessages((from, partial, known) -> null));
        other.join();
        other.router.onPartialSupport(TOPIC, PartialSupport.REQUESTS);
        other.partner(peer(1), PartialSupport.REQUESTS);
        for (int i = 0; i < 100; i++) {
            other.receivePartial(peer(1), new PartialMessage(TOPIC, group(i), null, new byte[1]));
        }

        assertThat(other.outputs(RouterOutput.CountDroppedPart.class)).isEmpty();
    }

    @Test
    void whoHasABadScoreIsNeitherHeardNorAnswered() {
        join(PartialSupport.REQUESTS);
        partner(1, PartialSupport.REQUESTS);
        publish(GROUP, 0b11);
        receive(peer(1), GROUP, null, 0b11);
        passed.clear();
        router.forgetOutputs();
        router.opinions.put(peer(1), TestRouter.THRESHOLDS.gossip() - 1);

        receive(peer(1), GROUP, null, 0);
        publish(GROUP, 0b111);

        assertThat(passed).isEmpty();
        assertThat(sent(peer(1))).isEmpty();
    }

    // ---- time

    @Test
    void aGroupIsForgottenSomeHeartbeatsAfterItWasPublished() {
        join(PartialSupport.REQUESTS);
        partner(1, PartialSupport.REQUESTS);
        publish(GROUP, 0b11);
        router.heartbeats(2);
        publish(GROUP, 0b11);
        router.heartbeats(3);
        router.forgetOutputs();
        receive(peer(1), GROUP, null, 0);
        assertThat(sent(peer(1))).containsExactly("2/-");

        router.heartbeats(1);
        receive(peer(1), GROUP, null, 0);
        assertThat(sent(peer(1))).isEmpty();
        assertThat(passed).hasSize(2);
    }

    @Test
    void whoEntersTheMeshIsToldAtTheNextHeartbeat() {
        TestRouter silent = new TestRouter(
                spec -> spec.partialMessages((from, partial, known) -> null).gossip(0, 0));
        silent.join();
        silent.router.onPartialSupport(TOPIC, PartialSupport.REQUESTS);
        silent.partner(peer(1), PartialSupport.REQUESTS);
        silent.router.onPartialPublished(TOPIC, new Parts(GROUP, 1), List.of(), silent.now);
        silent.graft(peer(1));
        silent.heartbeats(3);

        assertThat(silent.outputs(RouterOutput.SendPartial.class)).hasSize(1);
    }

    @Test
    void othersAreGossipedToInMetadataAndNotByIds() {
        TestRouter small = new TestRouter(spec -> spec.partialMessages((from, partial, known) -> null)
                .meshPeers(0, 0, 0)
                .bestPeers(0)
                .outboundPeers(0)
                .gossip(12, 0));
        small.join();
        small.router.onPartialSupport(TOPIC, PartialSupport.REQUESTS);
        for (int i = 1; i <= 12; i++) {
            small.partner(peer(i), i <= 6 ? PartialSupport.REQUESTS : PartialSupport.SENDS);
        }
        small.receive(peer(99), id(1), 10);
        small.router.onPartialPublished(TOPIC, new Parts(GROUP, 1), List.of(), small.now);
        small.forgetOutputs();
        small.heartbeats(2);

        assertThat(small.mesh()).isEmpty();
        assertThat(small.outputs(RouterOutput.SendPartial.class).stream().map(RouterOutput.SendPartial::to))
                .containsExactlyInAnyOrderElementsOf(TestPeers.peers(1, 6));
        assertThat(small.gossip().keySet()).containsExactlyInAnyOrderElementsOf(TestPeers.peers(7, 6));
    }

    @Test
    void aPeerThatComesBackIsToldAgain() {
        join(PartialSupport.REQUESTS);
        partner(1, PartialSupport.REQUESTS);
        graft(1, 1);
        publish(GROUP, 0b1);
        router.disconnect(peer(1));
        router.forgetOutputs();
        partner(1, PartialSupport.REQUESTS);
        graft(1, 1);
        publish(GROUP, 0b1);

        assertThat(sent(peer(1))).containsExactly("-/1");
    }

    // ---- whole messages

    @Test
    void whoRequestsPartsIsNotSentWholeMessages() {
        join(PartialSupport.SENDS);
        partner(1, PartialSupport.REQUESTS);
        partner(2, PartialSupport.SENDS);
        PeerId without = stranger(3);
        router.supports.put(without, PartialSupport.REQUESTS);
        graft(1, 3);
        router.publish(id(1), 10);
        router.receive(peer(9), id(2), 10);

        assertThat(router.receivers()).containsExactlyInAnyOrder(peer(2), without, peer(2), without);

        support(PartialSupport.NONE);
        router.forgetOutputs();
        router.publish(id(3), 10);
        assertThat(router.receivers()).containsExactlyInAnyOrder(peer(1), peer(2), without);
    }

    @Test
    void whoSendsUsPartsIsNotToldThatAWholeMessageHasCome() {
        join(PartialSupport.REQUESTS);
        partner(1, PartialSupport.SENDS);
        partner(2, PartialSupport.NONE);
        graft(1, 2);
        router.forgetOutputs();
        router.receive(peer(9), id(1), 5_000);

        assertThat(router.outputs(RouterOutput.SendControl.class).stream()
                        .filter(send -> !send.control().idontwant().isEmpty())
                        .map(RouterOutput.SendControl::to))
                .containsExactly(peer(2));
    }

    // ---- the rest

    private void join(PartialSupport support) {
        router.join();
        support(support);
        router.forgetOutputs();
    }

    private void support(PartialSupport support) {
        router.router.onPartialSupport(TOPIC, support);
        router.control(peer(0), Control.iwant(List.of())); // drains
    }

    private void partner(int number, PartialSupport support) {
        router.partner(peer(number), support);
    }

    private PeerId stranger(int number) {
        return router.subscribe(peer(number), "/meshsub/1.3.0", false);
    }

    private void graft(int from, int to) {
        for (int i = from; i <= to; i++) {
            router.graft(peer(i));
        }
    }

    private void publish(byte[] group, int has) {
        publish(new Parts(group, has), List.of());
    }

    private void publish(PartialSource source, Collection<PeerId> to) {
        try {
            router.router.onPartialPublished(TOPIC, source, to, router.now);
        } finally {
            router.control(peer(0), Control.iwant(List.of())); // drains
        }
    }

    private void receive(PeerId from, byte[] group, byte @Nullable [] parts, int metadata) {
        router.receivePartial(from, new PartialMessage(TOPIC, group, parts, new byte[] {(byte) metadata}));
    }

    /** What a peer was sent since this was asked last: how many parts, and which are here. */
    private List<String> sent(PeerId peer) {
        List<RouterOutput.SendPartial> sent = router.outputs(RouterOutput.SendPartial.class).stream()
                .filter(send -> send.to().equals(peer))
                .toList();
        router.outputs.removeAll(sent);
        return sent.stream()
                .map(RouterOutput.SendPartial::partial)
                .map(partial -> (partial.parts() == null ? "-" : partial.parts().length)
                        + "/"
                        + (partial.metadata() == null ? "-" : partial.metadata()[0]))
                .toList();
    }

    private int dropped() {
        return router.outputs(RouterOutput.CountDroppedPart.class).size();
    }

    private static byte[] group(int number) {
        return new byte[] {(byte) (number >> 16), (byte) (number >> 8), (byte) number};
    }

    private static PartialSource source(Function<PeerId, PartialAnswer> answers) {
        return new PartialSource() {
            @Override
            public byte[] group() {
                return GROUP;
            }

            @Override
            public PartialAnswer answerTo(PeerId peer, byte @Nullable [] metadata, boolean wantsParts) {
                return answers.apply(peer);
            }
        };
    }
}
