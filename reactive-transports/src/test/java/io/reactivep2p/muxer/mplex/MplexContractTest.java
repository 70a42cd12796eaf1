package io.reactivep2p.muxer.mplex;

import io.reactivep2p.muxer.StreamMuxer;
import io.reactivep2p.testkit.MuxerContract;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/**
 * What mplex can keep of the promises of a muxer. It has no windows: whatever is written is sent, and a peer cannot be asked to stop. The
 * clauses about windows are replaced by the bounds that {@link MplexSlowReaderTest} holds it to, and by {@link MplexStreamContractTest},
 * where TCP is there to stop the sender.
 */
class MplexContractTest implements MuxerContract {

    private static final String NO_WINDOWS = "mplex has no windows; see MplexSlowReaderTest";

    @Override
    public StreamMuxer muxer() {
        return Mplex.create();
    }

    /** What the sender of a stalled stream can have on its way, here where no socket stops it: less than the stream is given up at. */
    @Override
    public long stallsWithin() {
        return MplexOptions.DEFAULT_MAX_STREAM_BUFFER;
    }

    @Override
    public boolean carriesCodes() {
        return false;
    }

    /** {@code MplexSlowReaderTest.aStreamOverItsBoundStopsTheReadingUntilHalfIsConsumed} instead. */
    @Test
    @Disabled(NO_WINDOWS)
    @Override
    public void aListenerThatConsumesNothingStallsTheSender() {}

    /** {@code MplexSlowReaderTest.aStreamOverItsBoundStopsTheReadingUntilHalfIsConsumed} instead. */
    @Test
    @Disabled(NO_WINDOWS)
    @Override
    public void whatIsConsumedOpensTheWindowAgain() {}

    /** {@code MplexSlowReaderTest.bytesThatCannotBeStoppedResetTheStreamAtItsHardBound} instead. */
    @Test
    @Disabled(NO_WINDOWS)
    @Override
    public void whatTheWindowDoesNotAdmitIsSentLater() {}

    /** It does hold up others, but not for long: {@code MplexSlowReaderTest.aStreamOfWhichNothingIsConsumedIsGivenUpAndTheOthersGoOn}. */
    @Test
    @Disabled(NO_WINDOWS)
    @Override
    public void aStalledStreamDoesNotHoldUpAnother() {}

    /** The end comes behind all data, whether consumed or not. */
    @Test
    @Disabled(NO_WINDOWS)
    @Override
    public void theEndComesAfterWhatTheWindowHeldBack() {}

    /** {@code MplexSlowReaderTest.aClosedReadSideCountsForNothingAndHoldsNobodyUp} instead. */
    @Test
    @Disabled(NO_WINDOWS)
    @Override
    public void aClosedReadSideDropsDataAndEarnsNoCredit() {}
}
