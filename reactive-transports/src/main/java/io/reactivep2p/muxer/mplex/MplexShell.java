package io.reactivep2p.muxer.mplex;

import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.ConnectionClosedException;

/** What the session and its streams ask of the shell around them. */
interface MplexShell {

    EventExecutor executor();

    /** Sends what waits: now, or at the end of the read that is under way. */
    void flush();

    /** Something waits that nobody will flush, or reading may go on: seen to at the end of this turn of the event loop. */
    void requestFlush();

    /** The session is over; called before its streams hear of it. The shell closes the channel. */
    void onClosing(ConnectionClosedException cause);
}
