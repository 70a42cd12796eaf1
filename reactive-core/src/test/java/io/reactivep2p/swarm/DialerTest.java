package io.reactivep2p.swarm;

import static io.reactivep2p.swarm.DialFixture.OTHER;
import static io.reactivep2p.swarm.DialFixture.PEER;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.resource.Limits;
import io.reactivep2p.resource.ResourceLimitException;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.swarm.AddressRefusedException.Reason;
import io.reactivep2p.swarm.DialFixture.Call;
import io.reactivep2p.swarm.DialFixture.Road;
import io.reactivep2p.testing.FakeMuxedConnection;
import io.reactivep2p.transport.TransportException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DialerTest {

    private static final String QUIC6 = "/ip6/2a00::1/udp/1/quic-v1";
    private static final String QUIC = "/ip4/8.8.8.8/udp/1/quic-v1";
    private static final String TCP = "/ip4/8.8.8.8/tcp/1";
    private static final String TCP_2 = "/ip4/8.8.8.8/tcp/2";
    private static final String TCP_3 = "/ip4/8.8.8.8/tcp/3";
    private static final String NEAR = "/ip4/10.0.0.1/tcp/1";
    private static final String RELAYED =
            "/ip4/8.8.4.4/tcp/1/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N/p2p-circuit";

    private final DialFixture f = new DialFixture();

    @Test
    void addressesBeginOneAfterTheOtherAsTheRankerSays() {
        f.dial(TCP, QUIC, QUIC6);

        assertThat(f.roads.begun()).containsExactly(QUIC6);
        f.advance(249);
        assertThat(f.roads.begun()).containsExactly(QUIC6);
        f.advance(1);
        assertThat(f.roads.begun()).containsExactly(QUIC6, QUIC);
        f.advance(250);
        assertThat(f.roads.begun()).containsExactly(QUIC6, QUIC, TCP);
    }

    @Test
    void anAddressThatFailsLetsTheNextOneBeginAtOnce() {
        f.dial(TCP, QUIC, QUIC6);
        f.roads.road(QUIC6).fails();

        assertThat(f.roads.begun()).containsExactly(QUIC6, QUIC);
        f.roads.road(QUIC).fails();
        assertThat(f.roads.begun()).containsExactly(QUIC6, QUIC, TCP);
    }

    @Test
    void theFirstConnectionWinsAndTheOthersAreGivenUp() {
        Call call = f.dial(QUIC6, QUIC, TCP);
        f.advance(250);
        FakeMuxedConnection muxed = f.muxed(PEER);
        f.roads.road(QUIC).connects(muxed);

        assertThat(call.connection()).isSameAs(f.table.get(PEER));
        assertThat(f.roads.road(QUIC6).cancelled).isTrue();
        assertThat(f.roads.road(QUIC).cancelled).isFalse();
        f.advance(60_000);
        assertThat(f.roads.begun()).containsExactly(QUIC6, QUIC);
        assertThat(muxed.isDisposed()).isFalse();
    }

    @Test
    void aLoserThatConnectsAfterItWasCancelledIsClosed() {
        Call call = f.dial(QUIC6, QUIC);
        f.advance(250);
        FakeMuxedConnection winner = f.muxed(PEER);
        FakeMuxedConnection loser = f.muxed(PEER);
        f.roads.road(QUIC).connects(winner);
        f.roads.road(QUIC6).connects(loser);

        assertThat(loser.isDisposed()).isTrue();
        assertThat(winner.isDisposed()).isFalse();
        assertThat(call.connection().isDisposed()).isFalse();
    }

    @Test
    void aLoserThatFailsAfterItWasCancelledIsNoNews() {
        Call call = f.dial(QUIC6, QUIC);
        f.advance(250);
        f.roads.road(QUIC).connects(f.muxed(PEER));
        f.roads.road(QUIC6).fails();

        assertThat(call.connection()).isNotNull();
    }

    @Test
    void aConnectionThatAnotherOneBeatWhileItWasAdmittedIsClosed() {
        Call call = f.dial(QUIC6, QUIC);
        f.advance(250);
        FakeMuxedConnection first = f.muxed(PEER);
        FakeMuxedConnection second = f.muxed(PEER);
        f.admission = muxed -> {
            f.admission = again -> {};
            f.roads.road(QUIC).connects(second); // from its own event loop, say
        };
        f.roads.road(QUIC6).connects(first);

        assertThat(call.connection().isDisposed()).isFalse();
        assertThat(first.isDisposed()).isTrue();
        assertThat(second.isDisposed()).isFalse();
    }

    @Test
    void aConnectionThatComesWhenNobodyWaitsAnyMoreIsClosed() {
        Call call = f.dial(TCP);
        call.cancel();
        assertThat(f.roads.road(TCP).cancelled).isTrue();
        FakeMuxedConnection late = f.muxed(PEER);
        f.roads.road(TCP).connects(late);

        assertThat(late.isDisposed()).isTrue();
        assertThat(f.table).isEmpty();
        assertThat(call.isOpen()).isTrue();
    }

    @Test
    void aConnectionThatIsAdmittedAsTheLastCallerLeavesIsClosed() {
        Call call = f.dial(TCP);
        FakeMuxedConnection late = f.muxed(PEER);
        f.admission = muxed -> call.cancel();
        f.roads.road(TCP).connects(late);

        assertThat(late.isDisposed()).isTrue();
        assertThat(f.table).isEmpty();
    }

    @Test
    void whoWantsTheSamePeerJoinsTheDialAndAddsItsAddresses() {
        Call first = f.dial(TCP);
        Call second = f.dial(TCP);
        Call third = f.dial(TCP_2);
        assertThat(f.roads.begun()).containsExactly(TCP, TCP_2);
        f.roads.road(TCP_2).connects(f.muxed(PEER));

        assertThat(first.connection()).isSameAs(second.connection()).isSameAs(third.connection());
        assertThat(f.roads.road(TCP).cancelled).isTrue();
    }

    @Test
    void aDialIsGivenUpWithTheLastOfThoseWhoWait() {
        Call first = f.dial(TCP);
        Call second = f.dial(TCP);
        first.cancel();
        first.cancel();
        assertThat(f.roads.open()).containsExactly(TCP);
        second.cancel();

        assertThat(f.roads.open()).isEmpty();
        f.dial(TCP);
        assertThat(f.roads.begun()).as("a new dial").containsExactly(TCP, TCP);
    }

    @Test
    void whoDialsAfterAConnectionWasMadeGetsThatOne() {
        f.dial(TCP);
        f.roads.road(TCP).connects(f.muxed(PEER));
        Call next = f.dial(TCP_2); // looked into the table a moment too early

        assertThat(next.connection()).isSameAs(f.table.get(PEER));
        assertThat(f.roads.begun()).containsExactly(TCP);
    }

    @Test
    void aPeerThatDialedUsMeanwhileIsAsGood() {
        Call call = f.dial(TCP);
        Connection theirs = new DefaultConnection(
                f.muxed(PEER), DialFixture.noStreams(), f.peerstore, 1, SwarmOptions.DEFAULT_NEGOTIATION_TIMEOUT);
        f.table.put(PEER, theirs);
        f.roads.road(TCP).fails();

        assertThat(call.connection()).isSameAs(theirs);
    }

    @Test
    void eachAddressHasItsOwnCause() {
        Call call = f.dial(QUIC, TCP, "/tcp/1", "/ip4/0.0.0.0/tcp/1");
        IllegalStateException first = new IllegalStateException("first");
        f.roads.road(QUIC).fails(first);
        f.roads.road(TCP).completes();

        assertThat(call.causes().get(Multiaddr.of(QUIC))).isSameAs(first);
        assertThat(call.causes().get(Multiaddr.of(TCP)))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("without a connection");
        assertThat(call.refused("/tcp/1")).isEqualTo(Reason.NO_TRANSPORT);
        assertThat(call.refused("/ip4/0.0.0.0/tcp/1")).isEqualTo(Reason.NOWHERE);
        assertThat(call.failure())
                .hasMessageContaining(PEER.toString())
                .hasMessageContaining("all 4 addresses failed")
                .hasMessageContaining(QUIC + ": first");
        assertThat(call.causes()).hasSize(4);
    }

    @Test
    void withoutAnyAddressItFailsAtOnce() {
        assertThat(f.dial().failure()).hasMessageContaining("no address is known");
    }

    @Test
    void anAddressThatDoesNotAnswerIsGivenUpAndRemembered() {
        Call call = f.dial(NEAR);
        f.advance(4_999);
        assertThat(call.isOpen()).isTrue();
        f.advance(1);

        assertThat(call.causes().get(Multiaddr.of(NEAR))).hasMessageContaining("within 5 s");
        assertThat(f.roads.road(NEAR).cancelled).isTrue();
        f.remember(NEAR);
        assertThat(f.dial().refused(NEAR)).isEqualTo(Reason.BACKED_OFF);
    }

    @Test
    void anAddressThatFailedIsLeftAloneForAWhileUnlessItIsGivenByName() {
        f.remember(TCP);
        f.dial();
        f.roads.road(TCP).fails();

        assertThat(f.dial().refused(TCP)).isEqualTo(Reason.BACKED_OFF);
        f.advance(4_999);
        assertThat(f.dial().refused(TCP)).isEqualTo(Reason.BACKED_OFF);
        assertThat(f.roads.begun()).hasSize(1);
        Call named = f.dial(TCP);
        assertThat(f.roads.begun()).hasSize(2);
        f.roads.road(TCP).fails();
        assertThat(named.causes()).containsOnlyKeys(Multiaddr.of(TCP));
        f.advance(5_999);
        assertThat(f.dial().refused(TCP)).isEqualTo(Reason.BACKED_OFF);
        f.advance(1);
        assertThat(f.dial().isOpen()).isTrue();
    }

    @Test
    void aConnectionThatIsMadeForgivesTheFailuresBefore() {
        f.remember(TCP);
        f.dial();
        f.roads.road(TCP).fails();
        f.dial(TCP);
        FakeMuxedConnection muxed = f.muxed(PEER);
        f.roads.road(TCP).connects(muxed);
        muxed.dispose();

        assertThat(f.dial().isOpen()).isTrue();
    }

    @Test
    void aLoserOfTheRaceIsNotBlamed() {
        f.remember(QUIC6, QUIC);
        f.dial();
        f.advance(250);
        FakeMuxedConnection muxed = f.muxed(PEER);
        f.roads.road(QUIC).connects(muxed);
        muxed.dispose();
        f.dial();

        assertThat(f.roads.begun()).containsExactly(QUIC6, QUIC, QUIC6);
    }

    @Test
    void whatIsRefusedByOurOwnLimitsIsNotBlamed() {
        f.remember(TCP);
        f.admission = muxed -> {
            muxed.close(ErrorCode.RESOURCE_LIMIT_EXCEEDED);
            throw new ResourceLimitException("connections", "too many");
        };
        Call call = f.dial();
        f.roads.road(TCP).connects(f.muxed(PEER));

        assertThat(call.causes().get(Multiaddr.of(TCP))).isInstanceOf(ResourceLimitException.class);
        assertThat(f.dial().isOpen()).isTrue();
    }

    @Test
    void aTransportThatReachesSomebodyElseFailsThatAddress() {
        Call call = f.dial(QUIC, TCP);
        FakeMuxedConnection wrong = f.muxed(OTHER);
        f.roads.road(QUIC).connects(wrong);

        assertThat(wrong.isDisposed()).isTrue();
        assertThat(f.roads.begun()).containsExactly(QUIC, TCP);
        assertThat(f.roads.road(TCP).expected).isEqualTo(PEER);
        f.roads.road(TCP).fails();
        assertThat(call.causes().get(Multiaddr.of(QUIC))).isInstanceOf(HandshakeException.class);
    }

    @Test
    void whoeverIsThereIsWelcomeButThisHostItself() {
        Call call = new Call(f.dialer().dial(Multiaddr.of(TCP)));
        assertThat(f.roads.road(TCP).expected).isNull();
        f.roads.road(TCP).connects(f.muxed(OTHER));
        assertThat(call.connection().remotePeer()).isEqualTo(OTHER);

        Call self = new Call(f.dialer().dial(Multiaddr.of(TCP)));
        f.roads.road(TCP).connects(f.muxed(PeerId.of(DialFixture.IDENTITY.publicKey())));
        assertThat(self.causes().get(Multiaddr.of(TCP))).isInstanceOf(HandshakeException.class);
        assertThat(new Call(f.dialer().dial(PeerId.of(DialFixture.IDENTITY.publicKey()), List.of())).failure())
                .hasMessageContaining("this host itself");
    }

    @Test
    void aDialEndsAfterAMinuteWhateverIsLeftToTry() {
        f.limits = Limits.defaults().withAttempts(1, 1);
        for (int i = 1; i <= 4; i++) { // one after the other, 15 s each
            new Call(f.dialer().dial(Multiaddr.of("/ip4/8.8.8.8/tcp/" + i)));
        }
        Call call = f.dial(TCP);
        f.advance(59_999);
        assertThat(call.isOpen()).isTrue();
        f.advance(1);

        assertThat(call.failure()).isInstanceOf(DialException.class).hasMessageContaining("within 60 s");
        assertThat(f.roads.open()).isEmpty();
    }

    @Test
    void noMoreAddressesOfOnePeerAreTriedAtATimeThanAllowed() {
        f.ranker = DialRanker.AS_GIVEN;
        f.dial(IntStream.rangeClosed(1, 20)
                .mapToObj(port -> "/ip4/8.8.8.8/tcp/" + port)
                .toArray(String[]::new));

        assertThat(f.roads.open()).hasSize(8);
        f.roads.road("/ip4/8.8.8.8/tcp/3").fails();
        assertThat(f.roads.open()).hasSize(8).contains("/ip4/8.8.8.8/tcp/9");
    }

    @Test
    void noMoreAddressesAreTriedAtATimeThanTheHostAllows() {
        f.limits = Limits.defaults().withAttempts(1, 2);
        Call first = f.dial(TCP);
        dialOther(TCP_2);
        Call third = new Call(f.dialer().dial(Multiaddr.of(TCP_3)));
        assertThat(f.roads.open()).containsExactly(TCP, TCP_2);
        first.cancel();

        assertThat(f.roads.open()).containsExactly(TCP_2, TCP_3);
        f.advance(14_999);
        assertThat(third.isOpen()).isTrue();
        f.roads.road(TCP_3).connects(f.muxed(PEER));
        assertThat(third.connection()).isNotNull();
    }

    @Test
    void anAddressThatWaitsForAPlaceAndIsGivenUpIsNeverTried() {
        f.limits = Limits.defaults().withAttempts(1, 1);
        Call first = f.dial(TCP);
        Call second = dialOther(TCP_2);
        second.cancel();
        first.cancel();

        assertThat(f.roads.begun()).containsExactly(TCP);
        dialOther(TCP_3);
        assertThat(f.roads.open()).containsExactly(TCP_3);
    }

    @Test
    void anAttemptThatWasCancelledBeforeItCouldBeginKeepsNoPlace() {
        f.limits = Limits.defaults().withAttempts(1, 1);
        PeerDial dial = new PeerDial(f.dialer(), PEER);
        DialAttempt early = new DialAttempt(f.dialer(), dial, Multiaddr.of(TCP));
        assertThat(early.cancel()).isTrue();
        assertThat(early.cancel()).isFalse();
        early.start(); // its dial had it on its list already

        assertThat(f.roads.begun()).isEmpty();
        f.dial(TCP_2);
        assertThat(f.roads.open()).containsExactly(TCP_2);
    }

    @Test
    void aRelayedAddressTakesNoPlace() {
        f.limits = Limits.defaults().withAttempts(1, 1);
        f.dial(RELAYED);
        dialOther(TCP);

        assertThat(f.roads.open()).containsExactly(RELAYED, TCP);
    }

    @Test
    void whenTooManyWaitTheNextFailsAndIsNotBlamed() {
        f.limits = Limits.defaults().withAttempts(1, 1);
        List<Call> waiting = new ArrayList<>();
        for (int i = 1; i <= 1 + DialQueue.WAITING_PER_PLACE; i++) {
            waiting.add(new Call(f.dialer().dial(Multiaddr.of("/ip4/8.8.8.8/tcp/" + i))));
        }
        f.remember("/ip4/8.8.8.8/tcp/99");
        Call call = f.dial();

        assertThat(call.causes().get(Multiaddr.of("/ip4/8.8.8.8/tcp/99"))).isInstanceOf(ResourceLimitException.class);
        assertThat(waiting).allMatch(Call::isOpen);
        waiting.forEach(Call::cancel);
        f.dial();
        assertThat(f.roads.open()).containsExactly("/ip4/8.8.8.8/tcp/99");
    }

    @Test
    void aLongRowOfAddressesThatFailAtOnceNeedsNoDeepStack() {
        FailingRoads failing = new FailingRoads();
        f.transports.clear();
        f.transports.add(failing);
        f.limits = Limits.defaults().withAttempts(1, 1);
        Call call = f.dial(IntStream.rangeClosed(1, 100)
                .mapToObj(port -> "/ip4/8.8.8.8/tcp/" + port)
                .toArray(String[]::new));

        assertThat(call.causes()).hasSize(100);
        assertThat(failing.deepest()).isLessThan(200);
    }

    @Test
    void networksThatSwallowUdpAreNoticedAndTheOthersTriedAtOnce() {
        for (int i = 0; i < BlackHoleCounter.WINDOW; i++) {
            Call call = new Call(f.dialer().dial(Multiaddr.of(QUIC)));
            f.roads.road(QUIC).fails();
            assertThat(call.failure()).isInstanceOf(DialException.class);
        }
        f.remember("/ip4/8.8.8.8/udp/2/quic-v1", TCP);
        Call call = f.dial();

        assertThat(f.roads.open()).containsExactly(TCP);
        f.roads.road(TCP).fails();
        assertThat(call.refused("/ip4/8.8.8.8/udp/2/quic-v1")).isEqualTo(Reason.BLACK_HOLE);
    }

    @Test
    void closingEndsAllDialsAndThoseThatFollow() {
        Call toPeer = f.dial(TCP);
        Call toAnyone = new Call(f.dialer().dial(Multiaddr.of(TCP_2)));
        ConnectionClosedException closed = new ConnectionClosedException(ErrorCode.SHUTDOWN, false);
        f.dialer().close(closed);

        assertThat(toPeer.failure()).isSameAs(closed);
        assertThat(toAnyone.failure()).isSameAs(closed);
        assertThat(f.roads.open()).isEmpty();
        assertThat(f.dial(TCP).failure()).isSameAs(closed);
        assertThat(f.roads.begun()).hasSize(2);
    }

    @Test
    void whoDialsAgainFromItsFailureStartsANewDial() {
        AtomicReference<Call> again = new AtomicReference<>();
        f.dialer()
                .dial(PEER, DialFixture.addresses(TCP))
                .subscribe(connection -> {}, failure -> again.set(f.dial(TCP)));
        f.roads.road(TCP).fails();

        assertThat(again.get().isOpen()).isTrue();
        assertThat(f.roads.open()).containsExactly(TCP);
    }

    @Test
    void aRankerThatThrowsFailsTheDial() {
        IllegalStateException broken = new IllegalStateException("on purpose");
        f.ranker = addresses -> {
            throw broken;
        };

        assertThat(f.dial(TCP).failure()).isSameAs(broken);
        f.ranker = DialRanker.STANDARD;
        assertThat(f.dial(TCP).isOpen()).isTrue();
    }

    @Test
    void whereCancelAndConnectionMeetTheConnectionIsDeliveredOrClosed() throws Exception {
        f.limits = Limits.defaults().withAttempts(1, 1);
        for (int i = 0; i < 200; i++) {
            Call call = f.dial(TCP);
            Road road = f.roads.road(TCP);
            FakeMuxedConnection muxed = f.muxed(PEER);
            CountDownLatch both = new CountDownLatch(2);
            Thread canceller = new Thread(() -> {
                both.countDown();
                while (both.getCount() > 0) {
                    Thread.onSpinWait();
                }
                call.cancel();
            });
            canceller.start();
            both.countDown();
            while (both.getCount() > 0) {
                Thread.onSpinWait();
            }
            road.connects(muxed);
            canceller.join();

            // In the table, or closed; and in either case its place is free.
            assertThat(f.table.containsKey(PEER)).isEqualTo(!muxed.isDisposed());
            muxed.dispose();
        }
        assertThat(f.roads.begun()).hasSize(200);
        f.dial(TCP_2);
        assertThat(f.roads.open()).containsExactly(TCP_2);
    }

    private Call dialOther(String... addresses) {
        return new Call(f.dialer().dial(OTHER, DialFixture.addresses(addresses)));
    }
}
