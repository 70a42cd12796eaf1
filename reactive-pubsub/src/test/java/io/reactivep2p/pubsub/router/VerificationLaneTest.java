package io.reactivep2p.pubsub.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.testing.HeldWork;
import io.reactivep2p.pubsub.validation.MessageFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class VerificationLaneTest {

    private static final int PLACES = 3;

    private final HeldWork elsewhere = new HeldWork();
    private final Semaphore places = new Semaphore(PLACES);
    private final List<String> log = new ArrayList<>();
    private final VerificationLane lane = lane(elsewhere);

    private VerificationLane lane(Scheduler scheduler) {
        return new VerificationLane(
                new SerialSection(Schedulers.immediate(), () -> {}), scheduler, places, VerificationLaneTest::check);
    }

    private static Optional<MessageFault> check(RawMessage message) {
        return message.topic().startsWith("bad") ? Optional.of(MessageFault.WRONG_SIGNATURE) : Optional.empty();
    }

    private void verify(String name) {
        verify(name, 1);
    }

    private void verify(String name, int bytes) {
        RawMessage message = new RawMessage(null, new byte[bytes], null, name, null, null);
        lane.verify(message, fault -> log.add(fault.isPresent() ? name + ": " + fault.get() : name));
    }

    private void late() {
        lane.begin(VerificationLane.BEHIND_NANOS);
    }

    private void behind() {
        lane.begin(VerificationLane.BEHIND_NANOS - 1);
    }

    @Test
    void aMessageThatComesByItselfIsVerifiedAtOnce() {
        late();
        verify("a");
        verify("bad");

        assertThat(log).containsExactly("a", "bad: WRONG_SIGNATURE");
        assertThat(elsewhere.size()).isZero();
    }

    @Test
    void messagesThatWereWaitedForAreVerifiedElsewhereAndLeaveInOrder() {
        behind();
        verify("a");
        verify("bad");
        verify("c");
        assertThat(log).isEmpty();

        elsewhere.run(2);
        elsewhere.run(1);
        assertThat(log).isEmpty();

        elsewhere.run(0);
        assertThat(log).containsExactly("a", "bad: WRONG_SIGNATURE", "c");
        assertThat(places.availablePermits()).isEqualTo(PLACES);
    }

    @Test
    void whatComesLateDoesNotOvertakeWhatIsBeingVerified() {
        behind();
        verify("a");
        late();
        verify("b");
        assertThat(log).isEmpty();

        elsewhere.runAll();
        assertThat(log).containsExactly("a", "b");

        verify("c");
        assertThat(log).endsWith("c");
        assertThat(elsewhere.size()).isZero();
    }

    @Test
    void whoFindsNoPlaceElsewhereVerifiesItselfInOrder() {
        behind();
        for (int i = 0; i < PLACES + 2; i++) {
            verify("m" + i);
        }
        assertThat(elsewhere.size()).isEqualTo(PLACES);
        assertThat(log).isEmpty();

        elsewhere.runAll();
        assertThat(log).containsExactly("m0", "m1", "m2", "m3", "m4");
    }

    @Test
    void theNextRpcIsAskedForWhenThereIsRoomForMessages() {
        behind();
        lane.whenRoom(() -> log.add("at once"));
        assertThat(log).containsExactly("at once");
        log.clear();
        for (int i = 0; i < VerificationLane.MAX_MESSAGES; i++) {
            verify("m");
        }
        lane.whenRoom(() -> log.add("room"));
        assertThat(log).isEmpty();

        // All behind the first have been verified by who brought them, but for two.
        elsewhere.run(0);
        assertThat(log).doesNotContain("room");
        elsewhere.runAll();
        assertThat(log).hasSize(VerificationLane.MAX_MESSAGES + 1).endsWith("room");
    }

    @Test
    void theNextRpcIsAskedForWhenThereIsRoomForBytes() {
        behind();
        verify("long", VerificationLane.MAX_BYTES);
        lane.whenRoom(() -> log.add("room"));
        assertThat(log).isEmpty();

        elsewhere.runAll();
        assertThat(log).containsExactly("long", "room");
    }

    @Test
    void theEndWaitsForWhatIsBeingVerified() {
        lane.end(() -> log.add("nothing was"));
        assertThat(log).containsExactly("nothing was");

        behind();
        verify("a");
        lane.end(() -> log.add("end"));
        assertThat(log).hasSize(1);

        elsewhere.runAll();
        assertThat(log).containsExactly("nothing was", "a", "end");
    }

    @Test
    void aSchedulerThatIsDisposedOfTakesNothingWithIt() {
        behind();
        verify("a");
        verify("bad");
        elsewhere.dispose();
        assertThat(log).isEmpty();

        verify("c");
        assertThat(log).containsExactly("a", "bad: WRONG_SIGNATURE", "c");
        assertThat(places.availablePermits()).isEqualTo(PLACES);
        behind();
        verify("d");
        assertThat(log).endsWith("d");
    }

    @Test
    void withTheImmediateSchedulerNothingIsHandedOver() {
        VerificationLane immediate = lane(Schedulers.immediate());
        immediate.begin(0);
        immediate.verify(new RawMessage(null, new byte[1], null, "a", null, null), fault -> log.add("a"));

        assertThat(log).containsExactly("a");
        assertThat(places.availablePermits()).isEqualTo(PLACES);
    }
}
