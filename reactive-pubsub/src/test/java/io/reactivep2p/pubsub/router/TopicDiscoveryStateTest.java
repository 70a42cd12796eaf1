package io.reactivep2p.pubsub.router;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.pubsub.router.TopicDiscoveryState.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopicDiscoveryStateTest {

    private static final String TOPIC = "news";
    private static final PeerId SELF = peer(0);

    /** Not 0, and so near to the clock's end that it passes it. */
    private long now = Long.MAX_VALUE - Duration.ofMinutes(3).toNanos();

    private final Set<String> enough = new HashSet<>();
    private final TopicDiscoveryState state = new TopicDiscoveryState(SELF, enough::contains, new Random(20_26));

    // ---- advertising

    @Test
    void aTopicIsAdvertisedWhenItIsJoined() {
        assertThat(state.isIdle()).isTrue();

        state.onJoined(TOPIC, now);

        assertThat(drain(Output.Advertise.class)).containsExactly(new Output.Advertise(TOPIC));
        assertThat(state.isIdle()).isFalse();
        assertThat(TopicDiscoveryState.namespace(TOPIC)).isEqualTo("floodsub:news");
    }

    @Test
    void anAdvertisementIsRenewedBeforeTheTimeThatWasGrantedEnds() {
        join();

        state.onAdvertised(TOPIC, Duration.ofSeconds(800), now);

        assertThat(secondsUntil(Output.Advertise.class, 2_000)).isBetween(600, 701);
    }

    @Test
    void noMoreTimeIsBelievedThanWasAskedFor() {
        join();

        state.onAdvertised(TOPIC, Duration.ofSeconds(Long.MAX_VALUE), now);

        int asked = (int) TopicDiscoveryState.TTL.toSeconds();
        assertThat(secondsUntil(Output.Advertise.class, 2 * asked)).isBetween(asked / 4 * 3, asked / 8 * 7 + 1);
    }

    @Test
    void anAdvertisementIsNotRenewedAllTheTimeHoweverShortItLives() {
        join();

        state.onAdvertised(TOPIC, Duration.ofNanos(1), now);

        assertThat(secondsUntil(Output.Advertise.class, 100)).isEqualTo(10);
    }

    @Test
    void noTimeAndLessThanNoTimeAreFailures() {
        for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(Long.MIN_VALUE))) {
            join();

            state.onAdvertised(TOPIC, none, now);

            assertThat(secondsUntil(Output.Advertise.class, 100)).isBetween(10, 16);
            state.onLeft(TOPIC, now);
        }
    }

    @Test
    void anAdvertisementThatFailsIsTriedAgainEverLaterUpToTwoMinutes() {
        join();
        List<Integer> pauses = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            state.onAdvertiseFailed(TOPIC, now);
            pauses.add(secondsUntil(Output.Advertise.class, 1_000));
        }

        assertThat(pauses.get(0)).isBetween(10, 16);
        assertThat(pauses.get(1)).isBetween(20, 31);
        assertThat(pauses.get(2)).isBetween(40, 61);
        assertThat(pauses.subList(4, 50)).allSatisfy(pause -> assertThat(pause).isBetween(120, 181));
        assertThat(new HashSet<>(pauses.subList(4, 50))).hasSizeGreaterThan(10);

        state.onAdvertised(TOPIC, Duration.ofSeconds(80), now);
        secondsUntil(Output.Advertise.class, 1_000);
        state.onAdvertiseFailed(TOPIC, now);
        assertThat(secondsUntil(Output.Advertise.class, 1_000)).isBetween(10, 16);
    }

    @Test
    void anAdvertisementThatTakesTooLongIsGivenUp() {
        join();

        assertThat(secondsUntil(Output.StopAdvertising.class, 1_000)).isEqualTo(60);
        // What it says later no longer counts.
        state.onAdvertised(TOPIC, Duration.ofHours(1), now);
        assertThat(secondsUntil(Output.Advertise.class, 1_000)).isBetween(10, 16);
    }

    @Test
    void aTopicThatIsLeftIsNotAdvertisedAgain() {
        join();
        state.onAdvertised(TOPIC, Duration.ofSeconds(80), now);

        state.onLeft(TOPIC, now);

        assertThat(drain(Output.StopAdvertising.class)).isEmpty();
        assertThat(state.isIdle()).isTrue();
        assertThat(secondsUntil(Output.Advertise.class, 1_000)).isEqualTo(-1);
    }

    @Test
    void leavingStopsWhatIsUnderWay() {
        join();

        state.onLeft(TOPIC, now);

        assertThat(drain(Output.class))
                .containsExactly(new Output.StopAdvertising(TOPIC), new Output.StopSearch(TOPIC));
        state.onAdvertised(TOPIC, Duration.ofHours(1), now);
        state.onFound(TOPIC, found(1), false, now);
        state.onSearchEnded(TOPIC, now);
        assertThat(drain(Output.class)).isEmpty();
    }

    @Test
    void ofManyTopicsAFewAreAdvertisedAndSearchedForAtATimeAndAllHaveTheirTurn() {
        IntStream.range(0, 100).forEach(i -> state.onJoined("topic-" + i, now));
        Set<String> advertised = new HashSet<>();
        Set<String> searched = new HashSet<>();

        for (int step = 0; step < 100; step++) {
            List<Output> begun = drain(Output.class);
            List<Output.Advertise> advertisements = of(Output.Advertise.class, begun);
            List<Output.Search> searches = of(Output.Search.class, begun);
            assertThat(advertisements.size()).isLessThanOrEqualTo(ErrandTable.MAX_UNDER_WAY);
            assertThat(searches.size()).isLessThanOrEqualTo(ErrandTable.MAX_UNDER_WAY);
            advertisements.forEach(each -> advertised.add(each.topic()));
            searches.forEach(each -> searched.add(each.topic()));
            advertisements.forEach(each -> state.onAdvertiseFailed(each.topic(), now));
            searches.forEach(each -> state.onSearchEnded(each.topic(), now));
            if (step % 5 == 0) {
                pass(1);
                state.onTick(now);
            }
        }

        assertThat(advertised).hasSize(100);
        assertThat(searched).hasSize(100);
    }

    // ---- searching

    @Test
    void aTopicIsSearchedForWhenItIsJoinedUnlessItHasEnoughPeers() {
        enough.add("sport");

        state.onJoined(TOPIC, now);
        state.onJoined("sport", now);

        assertThat(drain(Output.Search.class)).containsExactly(new Output.Search(TOPIC));
    }

    @Test
    void aTopicThatLosesItsPeersIsSearchedForWithinASecond() {
        enough.add(TOPIC);
        join();
        assertThat(secondsUntil(Output.Search.class, 1_000)).isEqualTo(-1);

        enough.clear();

        assertThat(secondsUntil(Output.Search.class, 10)).isEqualTo(1);
    }

    @Test
    void searchesThatDoNotHelpComeEverLaterUpToAMinute() {
        join();
        List<Integer> pauses = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            state.onSearchEnded(TOPIC, now);
            pauses.add(secondsUntil(Output.Search.class, 1_000));
        }

        assertThat(pauses.get(0)).isBetween(1, 2);
        assertThat(pauses.get(1)).isBetween(2, 3);
        assertThat(pauses.get(2)).isBetween(4, 6);
        assertThat(pauses.subList(7, 30)).allSatisfy(pause -> assertThat(pause).isBetween(60, 91));

        state.onSearchEnded(TOPIC, now);
        enough.add(TOPIC);
        pass(1);
        state.onTick(now);
        enough.clear();
        assertThat(secondsUntil(Output.Search.class, 10)).isEqualTo(1);
        state.onSearchEnded(TOPIC, now);
        assertThat(secondsUntil(Output.Search.class, 1_000)).isBetween(1, 2);
    }

    @Test
    void aSearchThatDoesNotEndIsGivenUp() {
        join();

        assertThat(secondsUntil(Output.StopSearch.class, 1_000)).isEqualTo(10);
        state.onFound(TOPIC, found(1), false, now);
        assertThat(drain(Output.Dial.class)).isEmpty();
        assertThat(secondsUntil(Output.Search.class, 1_000)).isBetween(1, 2);
    }

    @Test
    void aTopicThatIsOnlyPublishedToIsSearchedForAndNotAdvertised() {
        state.onPublished(TOPIC, now);
        assertThat(drain(Output.class)).containsExactly(new Output.Search(TOPIC));
        state.onSearchEnded(TOPIC, now);

        pass(50);
        state.onPublished(TOPIC, now);
        pass(50);
        state.onTick(now);
        assertThat(drain(Output.Search.class)).hasSize(1);
        assertThat(state.isIdle()).isFalse();

        pass(11);
        state.onTick(now);
        assertThat(drain(Output.class)).containsExactly(new Output.StopSearch(TOPIC));
        assertThat(state.isIdle()).isTrue();
    }

    @Test
    void publishingToEnoughPeersSearchesForNobody() {
        enough.add(TOPIC);

        state.onPublished(TOPIC, now);

        assertThat(drain(Output.class)).isEmpty();
        assertThat(state.isIdle()).isTrue();
    }

    @Test
    void aTopicThatWasPublishedToAndIsJoinedIsAdvertisedAndSearchedForAtOnce() {
        state.onPublished(TOPIC, now);
        for (int i = 0; i < 4; i++) {
            state.onSearchEnded(TOPIC, now);
            secondsUntil(Output.Search.class, 100);
            state.onPublished(TOPIC, now);
        }
        state.onSearchEnded(TOPIC, now);

        state.onJoined(TOPIC, now);

        assertThat(drain(Output.class)).containsExactly(new Output.Advertise(TOPIC), new Output.Search(TOPIC));
        state.onPublished(TOPIC, now);
        state.onLeft(TOPIC, now);
        assertThat(state.isIdle()).isTrue();
    }

    @Test
    void topicsThatAreOnlyPublishedToAreBounded() {
        IntStream.range(0, 10_000).forEach(i -> state.onPublished("topic-" + i, now));
        Set<String> searched = new HashSet<>();
        for (List<Output.Search> begun = drain(Output.Search.class);
                !begun.isEmpty();
                begun = drain(Output.Search.class)) {
            begun.forEach(each -> searched.add(each.topic()));
            begun.forEach(each -> state.onSearchEnded(each.topic(), now));
        }

        assertThat(searched).hasSize(TopicDiscoveryState.MAX_PUBLISHED);
    }

    // ---- dialing

    @Test
    void thoseFoundAreDialedButNotOurselvesNorWhomWeAreConnectedTo() {
        join();

        state.onFound(TOPIC, new PeerInfo(SELF, List.of()), false, now);
        state.onFound(TOPIC, found(1), true, now);
        state.onFound(TOPIC, found(2), false, now);

        assertThat(drain(Output.Dial.class)).containsExactly(new Output.Dial(found(2)));
    }

    @Test
    void whoIsFoundAgainIsDialedAgainEverLater() {
        join();
        assertThat(dialed(1)).isTrue();
        assertThat(dialed(1)).isFalse();
        pass(9);
        assertThat(dialed(1)).isFalse();
        pass(6);
        assertThat(dialed(1)).isTrue();
        pass(19);
        assertThat(dialed(1)).isFalse();
        pass(11);
        assertThat(dialed(1)).isTrue();
        for (int i = 0; i < 50; i++) {
            pass(5_400); // the longest delay and half as much
            assertThat(dialed(1)).as("dial %d", i).isTrue();
        }
        pass(3_599);
        assertThat(dialed(1)).isFalse();
    }

    @Test
    void whoIsFoundForTwoTopicsIsDialedOnce() {
        join();
        state.onJoined("sport", now);

        state.onFound(TOPIC, found(1), false, now);
        state.onFound("sport", found(1), false, now);

        assertThat(drain(Output.Dial.class)).hasSize(1);
    }

    @Test
    void aSearchThatFindsManyEndsAfterAFewDials() {
        join();

        IntStream.range(1, 1_000).forEach(i -> state.onFound(TOPIC, found(i), false, now));

        List<Output> done = drain(Output.class);
        assertThat(of(Output.Dial.class, done)).hasSize(TopicDiscoveryState.MAX_DIALS);
        assertThat(of(Output.StopSearch.class, done)).hasSize(1);
    }

    @Test
    void aSearchThatFindsTheSameForEverEnds() {
        join();

        IntStream.range(0, 1_000).forEach(i -> state.onFound(TOPIC, found(1), false, now));

        List<Output> done = drain(Output.class);
        assertThat(of(Output.Dial.class, done)).hasSize(1);
        assertThat(of(Output.StopSearch.class, done)).hasSize(1);
    }

    @Test
    void ofEndlessAddressesSomeAreTaken() {
        join();
        List<Multiaddr> addresses = IntStream.range(1, 5_000)
                .mapToObj(port -> Multiaddr.of("/ip4/192.0.2.1/tcp/" + port))
                .toList();

        state.onFound(TOPIC, new PeerInfo(peer(1), addresses), false, now);

        assertThat(drain(Output.Dial.class))
                .containsExactly(new Output.Dial(
                        new PeerInfo(peer(1), addresses.subList(0, TopicDiscoveryState.MAX_ADDRESSES))));
    }

    @Test
    void thePeersDialedThatAreRememberedAreBoundedAndTheOldestIsForgotten() {
        RedialTable table = new RedialTable(new Random(1));
        IntStream.rangeClosed(1, 3_000).forEach(i -> table.begin(peer(i), now));

        assertThat(table.size()).isEqualTo(RedialTable.MAX_PEERS);
        assertThat(table.begin(peer(3_000), now)).isFalse();
        assertThat(table.begin(peer(3_001 - RedialTable.MAX_PEERS), now)).isFalse();
        assertThat(table.begin(peer(1), now)).isTrue();
    }

    // ---- what these tests are written with

    private void join() {
        state.onJoined(TOPIC, now);
        drain(Output.class);
    }

    /** Finds it once more, in a search of its own. */
    private boolean dialed(int number) {
        state.onLeft(TOPIC, now);
        join();
        state.onFound(TOPIC, found(number), false, now);
        return !drain(Output.Dial.class).isEmpty();
    }

    private static PeerInfo found(int number) {
        return new PeerInfo(peer(number), List.of(Multiaddr.of("/ip4/192.0.2.1/tcp/" + number)));
    }

    private void pass(int seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }

    /** Ticks once a second until such an output; -1 where none comes. Other advertisements and searches go on. */
    private int secondsUntil(Class<? extends Output> type, int limit) {
        drain(Output.class);
        for (int seconds = 1; seconds <= limit; seconds++) {
            pass(1);
            state.onTick(now);
            if (!drain(type).isEmpty()) {
                return seconds;
            }
        }
        return -1;
    }

    private <T extends Output> List<T> drain(Class<T> type) {
        List<Output> all = new ArrayList<>();
        for (Output output = state.pollOutput(); output != null; output = state.pollOutput()) {
            all.add(output);
        }
        return of(type, all);
    }

    private static <T extends Output> List<T> of(Class<T> type, List<Output> all) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
