package io.reactivep2p.swarm;

import static io.reactivep2p.swarm.DialFixture.OTHER;
import static io.reactivep2p.swarm.DialFixture.PEER;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.swarm.AddressRefusedException.Reason;
import io.reactivep2p.swarm.DialFixture.Call;
import io.reactivep2p.transport.TransportException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Which addresses a dial tries, seen from outside. */
class DialCandidatesTest {

    private static final String TCP = "/ip4/8.8.8.8/tcp/1";
    private static final String TCP_2 = "/ip4/8.8.8.8/tcp/2";
    private static final String NAME = "/dnsaddr/bootstrap.example";
    private static final String LINK_LOCAL = "/ip6/fe80::1/tcp/1";

    private final DialFixture f = new DialFixture();

    @Test
    void theAddressesGivenAndThoseRememberedAreTried() {
        f.ranker = DialRanker.AS_GIVEN;
        f.remember(TCP_2, TCP);
        f.dial(TCP);

        assertThat(f.roads.begun()).containsExactly(TCP, TCP_2);
    }

    @Test
    void anAddressIsTriedWithoutThePeerAtItsEndAndOnce() {
        f.ranker = DialRanker.AS_GIVEN;
        f.dial(TCP + "/p2p/" + PEER, TCP);

        assertThat(f.roads.begun()).containsExactly(TCP);
        assertThat(f.roads.road(TCP).expected).isEqualTo(PEER);
    }

    @Test
    void anAddressOfAnotherPeerIsRefused() {
        Call call = f.dial(TCP + "/p2p/" + OTHER);

        assertThat(call.refused(TCP + "/p2p/" + OTHER)).isEqualTo(Reason.OTHER_PEER);
        assertThat(f.roads.begun()).isEmpty();
    }

    @Test
    void aRelayInTheMiddleIsNobodysEnd() {
        String relayed = TCP + "/p2p/" + OTHER + "/p2p-circuit";
        f.dial(relayed + "/p2p/" + PEER);

        assertThat(f.roads.begun()).containsExactly(relayed);
    }

    @Test
    void whoeverIsAtAnAddressIsAskedForByItsEnd() {
        new Call(f.dialer().dial(Multiaddr.of(TCP + "/p2p/" + OTHER)));

        assertThat(f.roads.road(TCP + "/p2p/" + OTHER).expected).isEqualTo(OTHER);
    }

    @ParameterizedTest
    @CsvSource({
        "/ip4/0.0.0.0/tcp/1,             NOWHERE",
        "/ip6/::/tcp/1,                  NOWHERE",
        "/ip4/224.0.0.1/udp/1/quic-v1,   NOWHERE",
        "/ip6/ff02::1/udp/1/quic-v1,     NOWHERE",
        "/ip6/fe80::1/tcp/1,             NOWHERE",
        "/tcp/1,                         NO_TRANSPORT",
        "/ip4/10.0.0.1/tcp/4001,         OWN_ADDRESS",
    })
    void whatCannotOrShallNotBeDialedIsRefused(String address, Reason reason) {
        f.own.add(Multiaddr.of("/ip4/10.0.0.1/tcp/4001"));

        assertThat(f.dial(address).refused(address)).isEqualTo(reason);
        assertThat(new Call(f.dialer().dial(Multiaddr.of(address))).refused(address))
                .isEqualTo(reason);
        assertThat(f.roads.begun()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/ip6zone/eth0" + LINK_LOCAL, "/ip4/169.254.0.1/tcp/1", "/ip4/127.0.0.1/tcp/1", "/memory/1"})
    void whatMayLeadSomewhereIsTried(String address) {
        f.dial(address);

        assertThat(f.roads.begun()).containsExactly(address);
    }

    @Test
    void aRelayedAddressWithoutATransportSaysSo() {
        f.transports.clear();
        String relayed = TCP + "/p2p/" + OTHER + "/p2p-circuit";

        assertThat(f.dial(relayed).causes().get(Multiaddr.of(relayed))).hasMessageContaining("relayed");
        assertThat(f.dial(relayed).refused(relayed)).isEqualTo(Reason.NO_TRANSPORT);
    }

    @Test
    void anAddressWithoutANameDoesNotWaitForOnesWithAName() {
        Sinks.Many<Multiaddr> answers = Sinks.many().unicast().onBackpressureBuffer();
        f.resolver = name -> answers.asFlux();
        Call call = f.dial(NAME, TCP);
        assertThat(f.roads.begun()).containsExactly(TCP);
        f.roads.road(TCP).fails();
        assertThat(call.isOpen()).as("the name is still looked up").isTrue();
        answers.tryEmitNext(Multiaddr.of(TCP_2));
        answers.tryEmitComplete();

        assertThat(f.roads.begun()).containsExactly(TCP, TCP_2);
        f.roads.road(TCP_2).fails();
        assertThat(call.causes()).containsOnlyKeys(Multiaddr.of(TCP), Multiaddr.of(TCP_2));
    }

    @Test
    void ofANameThatStandsForManyPeersOnlyThoseOfThePeerAreTried() {
        f.resolver = name -> Flux.just(
                Multiaddr.of(TCP + "/p2p/" + OTHER), Multiaddr.of(TCP_2 + "/p2p/" + PEER), Multiaddr.of(LINK_LOCAL));
        Call call = f.dial(NAME);

        assertThat(f.roads.begun()).containsExactly(TCP_2);
        f.roads.road(TCP_2).fails();
        assertThat(call.causes()).containsOnlyKeys(Multiaddr.of(TCP_2), Multiaddr.of(LINK_LOCAL));
    }

    @Test
    void aNameBehindWhichThereIsNobodyWeWantFails() {
        f.resolver = name -> Flux.just(Multiaddr.of(TCP + "/p2p/" + OTHER));
        assertThat(f.dial(NAME).refused(NAME)).isEqualTo(Reason.OTHER_PEER);

        f.resolver = name -> Flux.empty();
        Call anyone = new Call(f.dialer().dial(Multiaddr.of(NAME)));
        assertThat(anyone.causes().get(Multiaddr.of(NAME))).hasMessage("nothing is behind it");
    }

    @Test
    void aNameThatCannotBeResolvedFailsWithItsCauseAndHarmsNoOther() {
        TransportException unknown = new TransportException(Multiaddr.of(NAME), "unknown", null);
        f.resolver = name -> {
            if (name.equals(Multiaddr.of(NAME))) {
                throw unknown;
            }
            return Flux.just(Multiaddr.of(TCP_2));
        };
        Call call = f.dial(NAME, "/dns4/node.example/tcp/2");

        f.roads.road(TCP_2).fails();
        assertThat(call.causes()).containsEntry(Multiaddr.of(NAME), unknown).hasSize(2);
    }

    @Test
    void whatIsBehindANameGivenIsTriedThoughItFailedLately() {
        f.resolver = name -> Flux.just(Multiaddr.of(TCP));
        f.dial(NAME);
        f.roads.road(TCP).fails();
        f.remember(NAME);

        assertThat(f.dial().refused(TCP)).isEqualTo(Reason.BACKED_OFF);
        assertThat(f.dial(NAME).isOpen()).isTrue();
    }

    @Test
    void aDialThatEndsAsksNoFurther() {
        List<String> asked = new ArrayList<>();
        AtomicInteger cancelled = new AtomicInteger();
        f.resolver = name -> Flux.<Multiaddr>never()
                .doOnSubscribe(s -> asked.add(name.toString()))
                .doOnCancel(cancelled::incrementAndGet);
        String[] names = IntStream.range(0, 10)
                .mapToObj(i -> "/dns4/" + i + ".example/tcp/1")
                .toArray(String[]::new);
        Call call = f.dial(names);
        assertThat(asked).hasSize(DialCandidates.MAX_PARALLEL_NAMES);
        call.cancel();

        assertThat(cancelled).hasValue(DialCandidates.MAX_PARALLEL_NAMES);
        assertThat(asked).hasSize(DialCandidates.MAX_PARALLEL_NAMES);
    }

    @Test
    @DisplayName(
            "go#3486: of a flood of names sixteen are looked up, and of the addresses behind them a hundred are tried")
    void namesAndWhatIsBehindThemAreBounded() {
        AtomicInteger asked = new AtomicInteger();
        f.ranker = DialRanker.AS_GIVEN;
        f.resolver = name -> Flux.defer(() -> {
            int first = asked.getAndIncrement() * 1_000;
            return Flux.range(first, 1_000).map(i -> Multiaddr.of("/memory/" + (i + 1)));
        });
        Call call = f.dial(IntStream.range(0, 300)
                .mapToObj(i -> "/dns4/" + i + ".example/tcp/1")
                .toArray(String[]::new));
        while (call.isOpen()) {
            List<String> open = f.roads.open();
            assertThat(open).hasSizeBetween(1, 8);
            f.roads.road(open.get(0)).fails();
        }

        assertThat(asked.get()).isLessThanOrEqualTo(DialCandidates.MAX_NAMES);
        assertThat(f.roads.begun()).hasSize(DialRanker.MAX_ADDRESSES);
        assertThat(call.refused("/dns4/299.example/tcp/1")).isEqualTo(Reason.TOO_MANY);
        assertThat(call.causes()).hasSizeLessThanOrEqualTo(DialSchedule.MAX_FAILURES);
    }

    @Test
    @DisplayName("go#3486: an endless list of addresses behind one name ends")
    void anEndlessAnswerEnds() {
        AtomicInteger taken = new AtomicInteger();
        f.resolver = name -> Flux.fromStream(Stream.iterate(1L, i -> i + 1))
                .doOnNext(i -> taken.incrementAndGet())
                .map(i -> Multiaddr.of("/memory/" + i));
        f.dial(NAME);

        assertThat(f.roads.begun()).hasSize(8);
        assertThat(taken.get()).isLessThan(2 * DialCandidates.MAX_CANDIDATES);
    }

    @Test
    @DisplayName("CVE-2023-40583: of a flood of addresses given a few hundred are looked at")
    void theAddressesLookedAtAreBounded() {
        AtomicInteger ranked = new AtomicInteger();
        f.ranker = addresses -> {
            ranked.addAndGet(addresses.size());
            return DialRanker.STANDARD.rank(addresses);
        };
        f.dial(IntStream.rangeClosed(1, 50_000)
                .mapToObj(port -> "/ip4/8.8.8.8/tcp/" + port)
                .toArray(String[]::new));

        assertThat(ranked).hasValue(DialCandidates.MAX_CANDIDATES);
    }

    @Test
    void anAddressThatBelongsToNobodyIsDialedForAnyone() {
        f.resolver = name -> Mono.just(Multiaddr.of(TCP)).flux();
        new Call(f.dialer().dial(Multiaddr.of("/dns4/node.example/tcp/1")));

        assertThat(f.roads.begun()).containsExactly(TCP);
        assertThat(f.roads.road(TCP).expected).isNull();
    }
}
