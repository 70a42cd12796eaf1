package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.swarm.AddressRefusedException.Reason;
import io.reactivep2p.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Time is a number here, and begins a minute before the clock wraps. */
class DialScheduleTest {

    private static final long START = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos();

    private static final Multiaddr A = Multiaddr.of("/ip4/8.8.8.8/tcp/1");
    private static final Multiaddr B = Multiaddr.of("/ip4/8.8.8.8/tcp/2");
    private static final Multiaddr C = Multiaddr.of("/ip4/8.8.8.8/tcp/3");
    private static final Multiaddr D = Multiaddr.of("/ip4/8.8.8.8/tcp/4");
    private static final Multiaddr NEAR = Multiaddr.of("/ip4/10.0.0.1/tcp/1");

    private final DialSchedule schedule = new DialSchedule(8, START);

    private long now = START;

    @Test
    void eachAddressBeginsWhenItsDelayHasPassed() {
        offer(at(0, A), at(250, B), at(500, C));

        assertThat(begun()).containsExactly(A);
        assertThat(untilNext()).isEqualTo(Duration.ofMillis(250));
        advance(249);
        assertThat(begun()).isEmpty();
        advance(1);
        assertThat(begun()).containsExactly(B);
        advance(250);
        assertThat(begun()).containsExactly(C);
        assertThat(untilNext()).isEqualTo(Duration.ofSeconds(15).minusMillis(500)); // of A
    }

    @Test
    void addressesWithTheSameDelayBeginTogether() {
        offer(at(0, A), at(250, B), at(250, C));

        assertThat(begun()).containsExactly(A);
        advance(250);
        assertThat(begun()).containsExactly(B, C);
    }

    @Test
    void theNextOnesBeginAtOnceWhenAllBeforeThemHaveFailed() {
        offer(at(0, A), at(0, B), at(250, C), at(250, D));
        assertThat(begun()).containsExactly(A, B);

        fail(A);
        assertThat(begun()).as("B may still answer").isEmpty();
        fail(B);
        assertThat(begun()).containsExactly(C, D);
    }

    @Test
    void theFirstAddressDoesNotWaitForItsDelay() {
        offer(at(1_000, A));

        assertThat(begun()).containsExactly(A);
    }

    @Test
    void addressesThatComeLateAreTriedInTheOrderOfTheirTimes() {
        offer(at(0, A), at(500, B));
        assertThat(begun()).containsExactly(A);
        advance(100);
        offer(at(0, C), at(300, D));

        assertThat(begun()).containsExactly(C);
        advance(300);
        assertThat(begun()).containsExactly(D);
        advance(100);
        assertThat(begun()).containsExactly(B);
    }

    @Test
    void anAddressIsTriedOnceHoweverOftenItIsOffered() {
        offer(at(0, A), at(0, A));
        assertThat(begun()).containsExactly(A);
        fail(A);
        offer(at(0, A));

        assertThat(begun()).isEmpty();
        assertThat(schedule.failures()).containsOnlyKeys(A);
    }

    @Test
    void noMoreAddressesThanAllowedAreTriedAtATime() {
        DialSchedule two = new DialSchedule(2, START);
        two.onAddresses(List.of(at(0, A), at(0, B), at(0, C)), START);

        assertThat(two.pollDial(START)).isEqualTo(A);
        assertThat(two.pollDial(START)).isEqualTo(B);
        assertThat(two.pollDial(START)).isNull();
        two.onFailed(A, new IllegalStateException());
        assertThat(two.pollDial(START)).isEqualTo(C);
        assertThat(two.pollDial(START)).isNull();
    }

    @Test
    void whatIsFullWaitsForNoTimeButThoseOfTheOnesUnderWay() {
        DialSchedule one = new DialSchedule(1, START);
        one.onAddresses(List.of(at(0, A), at(250, B)), START);
        one.pollDial(START);
        one.onStarted(A, START);

        assertThat(one.nextTimeoutNanos() - START).isEqualTo(DialSchedule.TIMEOUT_NANOS);
    }

    @Test
    void whileAPublicAddressIsBeingSecuredNothingNewBegins() {
        offer(at(0, A), at(250, B));
        begun();
        advance(200);
        schedule.onConnected(A, now);

        advance(50);
        assertThat(begun()).isEmpty();
        assertThat(untilNext()).isEqualTo(Duration.ofMillis(200));
        advance(200);
        assertThat(begun()).containsExactly(B);
    }

    @Test
    void anAddressThatFailsWhileItIsSecuredHoldsNobodyBackAnyMore() {
        offer(at(0, A), at(250, B));
        begun();
        advance(200);
        schedule.onConnected(A, now);
        fail(A);

        assertThat(begun()).containsExactly(B);
    }

    @Test
    void oneOfOurOwnNetworkHoldsNobodyBack() {
        offer(at(0, NEAR), at(30, B));
        begun();
        schedule.onConnected(NEAR, now);

        advance(30);
        assertThat(begun()).containsExactly(B);
    }

    @Test
    void anAddressHasFifteenSecondsAndOneOfOurOwnNetworkFive() {
        offer(at(0, A), at(0, NEAR));
        begun();

        advance(4_999);
        assertThat(schedule.pollExpired(now)).isNull();
        advance(1);
        assertThat(schedule.pollExpired(now)).isEqualTo(NEAR);
        assertThat(schedule.pollExpired(now)).isNull();
        advance(10_000);
        assertThat(schedule.pollExpired(now)).isEqualTo(A);

        assertThat(schedule.failures().get(NEAR))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("within 5 s");
        assertThat(schedule.failures().get(A)).hasMessageContaining("within 15 s");
    }

    @Test
    void theTimeOfAnAddressThatWaitsForAPlaceDoesNotRun() {
        schedule.onJoined(now);
        schedule.onAddresses(List.of(at(0, A)), now);
        schedule.onPrepared();
        assertThat(schedule.pollDial(now)).isEqualTo(A);

        advance(30_000);
        assertThat(schedule.pollExpired(now)).isNull();
        schedule.onStarted(A, now);
        assertThat(untilNext()).isEqualTo(Duration.ofSeconds(15));
        advance(15_000);
        assertThat(schedule.pollExpired(now)).isEqualTo(A);
    }

    @Test
    void itIsOverWhenEverythingHasFailed() {
        offer(at(0, A), at(250, B));
        assertThat(schedule.isOver(now)).isFalse();
        begun();
        fail(A);
        begun();
        assertThat(schedule.isOver(now)).isFalse();
        fail(B);

        assertThat(schedule.isOver(now)).isTrue();
        assertThat(schedule.summary(now)).isEqualTo("all 2 addresses failed");
        assertThat(schedule.failures().keySet()).containsExactly(A, B);
    }

    @Test
    void itIsNotOverWhileSomebodyLooksForAddresses() {
        schedule.onJoined(now);
        schedule.onJoined(now);
        schedule.onPrepared();
        assertThat(schedule.isOver(now)).isFalse();
        schedule.onPrepared();

        assertThat(schedule.isOver(now)).isTrue();
        assertThat(schedule.summary(now)).isEqualTo("no address is known");
    }

    @Test
    void itIsOverAMinuteAfterTheLastCallerJoined() {
        offer(at(0, A));
        advance(30_000);
        schedule.onJoined(now);
        advance(59_999);
        assertThat(schedule.isOver(now)).isFalse();
        advance(1);

        assertThat(schedule.isOver(now)).isTrue();
        assertThat(schedule.summary(now)).isEqualTo("not connected within 60 s");
    }

    @Test
    void anAddressThatWasRefusedIsTriedWhenSomebodyGivesItByName() {
        schedule.onJoined(now);
        schedule.onRefused(new AddressRefusedException(A, Reason.BACKED_OFF, "for a while"));
        assertThat(schedule.failures()).containsOnlyKeys(A);
        assertThat(schedule.summary(now)).isEqualTo("its one address failed");
        offer(at(0, A));

        assertThat(begun()).containsExactly(A);
        assertThat(schedule.failures()).isEmpty();
        schedule.onRefused(new AddressRefusedException(A, Reason.BACKED_OFF, "for a while"));
        assertThat(schedule.failures()).as("it is tried already").isEmpty();
    }

    @Test
    void aRankerMaySayAnything() {
        offer(new RankedAddress(A, Duration.ZERO), new RankedAddress(B, Duration.ofSeconds(Long.MAX_VALUE)));
        begun();

        assertThat(untilNext()).isEqualTo(Duration.ofSeconds(15)); // of A, not of the wrapped one
        fail(A);
        assertThat(begun()).containsExactly(B);
    }

    @Test
    @DisplayName("CVE-2023-40583, go#3486: of a flood of addresses a hundred are tried, and few causes are kept")
    void addressesAndCausesAreBounded() {
        List<RankedAddress> flood = IntStream.rangeClosed(1, 5_000)
                .mapToObj(port -> new RankedAddress(Multiaddr.of("/ip4/8.8.8.8/tcp/" + port), Duration.ZERO))
                .toList();
        schedule.onJoined(now);
        IntStream.rangeClosed(1, 5_000)
                .mapToObj(port -> Multiaddr.of("/ip4/8.8.4.4/tcp/" + port))
                .forEach(address -> {
                    schedule.onRefused(new AddressRefusedException(address, Reason.NO_TRANSPORT, "none"));
                    schedule.onUnresolved(address, new IllegalStateException());
                });
        schedule.onAddresses(flood, now);
        schedule.onPrepared();

        int tried = 0;
        for (List<Multiaddr> next = begun(); !next.isEmpty(); next = begun()) {
            assertThat(next).hasSizeLessThanOrEqualTo(8);
            tried += next.size();
            next.forEach(this::fail);
        }

        assertThat(tried).isEqualTo(DialRanker.MAX_ADDRESSES);
        assertThat(schedule.failures()).hasSizeLessThanOrEqualTo(DialSchedule.MAX_FAILURES);
        assertThat(schedule.failures().keySet())
                .containsAll(flood.subList(0, 100).stream()
                        .map(RankedAddress::address)
                        .toList());
        assertThat(schedule.isOver(now)).isTrue();
    }

    @Test
    void whatIsTooMuchSaysSo() {
        Stream<Multiaddr> many =
                IntStream.rangeClosed(1, 101).mapToObj(port -> Multiaddr.of("/ip4/8.8.8.8/tcp/" + port));
        offer(many.map(address -> new RankedAddress(address, Duration.ZERO)).toArray(RankedAddress[]::new));

        assertThat(schedule.failures().get(Multiaddr.of("/ip4/8.8.8.8/tcp/101")))
                .isInstanceOfSatisfying(AddressRefusedException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.TOO_MANY));
    }

    @Test
    void whatWasNeverBegunCannotFail() {
        offer(at(0, A), at(250, B));
        begun();
        schedule.onFailed(B, new IllegalStateException());
        schedule.onFailed(C, new IllegalStateException());
        schedule.onConnected(C, now);
        schedule.onStarted(C, now);

        assertThat(schedule.failures()).isEmpty();
        fail(A);
        assertThat(begun()).containsExactly(B);
    }

    private static RankedAddress at(long millis, Multiaddr address) {
        return new RankedAddress(address, Duration.ofMillis(millis));
    }

    private void offer(RankedAddress... ranked) {
        schedule.onJoined(now);
        schedule.onAddresses(List.of(ranked), now);
        schedule.onPrepared();
    }

    /** What begins now; each has its place at once. */
    private List<Multiaddr> begun() {
        List<Multiaddr> begun = new ArrayList<>();
        for (Multiaddr next = schedule.pollDial(now); next != null; next = schedule.pollDial(now)) {
            schedule.onStarted(next, now);
            begun.add(next);
        }
        return begun;
    }

    private void fail(Multiaddr address) {
        schedule.onFailed(address, new IllegalStateException("on purpose"));
    }

    private void advance(long millis) {
        now += Duration.ofMillis(millis).toNanos();
    }

    private Duration untilNext() {
        return Duration.ofNanos(schedule.nextTimeoutNanos() - now);
    }
}
