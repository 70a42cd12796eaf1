package io.reactivep2p.pubsub.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.pubsub.router.StreamHabit.Use;
import org.junit.jupiter.api.Test;

class StreamHabitTest {

    private static final ProtocolId MESHSUB = ProtocolId.of("/meshsub/1.1.0");
    private static final long EARLY = StreamHabit.KEPT_NANOS - 1;

    private final StreamHabit habit = new StreamHabit();

    @Test
    void everybodyReadsOnUntilAStreamIsDropped() {
        assertThat(habit.use()).isEqualTo(Use.READS_ON);
    }

    @Test
    void whoDropsAStreamEarlyIsOnTrial() {
        assertThat(habit.onDropped(StreamHabit.FLOODSUB, EARLY)).isTrue();
        assertThat(habit.use()).isEqualTo(Use.ON_TRIAL);
    }

    @Test
    void whoDropsTheNextOneAsWellReadsOneRpc() {
        habit.onDropped(StreamHabit.FLOODSUB, EARLY);

        assertThat(habit.onDropped(StreamHabit.FLOODSUB, 0)).isTrue();
        assertThat(habit.use()).isEqualTo(Use.ONE_RPC);
        habit.onDropped(StreamHabit.FLOODSUB, 0);
        assertThat(habit.use()).isEqualTo(Use.ONE_RPC);
    }

    @Test
    void whoKeepsTheNextOneReadsOnAfterAll() {
        habit.onDropped(StreamHabit.FLOODSUB, EARLY);

        habit.onKept();

        assertThat(habit.use()).isEqualTo(Use.READS_ON);
    }

    @Test
    void whoTakesNoStreamsBeginsAnew() {
        habit.onDropped(StreamHabit.FLOODSUB, EARLY);
        habit.onDropped(StreamHabit.FLOODSUB, 0);

        habit.onGivenUp();

        assertThat(habit.use()).isEqualTo(Use.READS_ON);
    }

    @Test
    void whoKeptAStreamForLongHasEndedItForAnotherReason() {
        assertThat(habit.onDropped(StreamHabit.FLOODSUB, StreamHabit.KEPT_NANOS))
                .isFalse();
        assertThat(habit.use()).isEqualTo(Use.READS_ON);
    }

    @Test
    void ofGossipsubEverybodyReadsOn() {
        assertThat(habit.onDropped(MESHSUB, 0)).isFalse();
        assertThat(habit.use()).isEqualTo(Use.READS_ON);
        assertThat(StreamHabit.mayDrop(MESHSUB)).isFalse();
        assertThat(StreamHabit.mayDrop(StreamHabit.FLOODSUB)).isTrue();
    }
}
