package io.reactivep2p.muxer.yamux;

import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.ConnectionClosedException;

/** What the session and its streams ask of the shell around them. */
interface YamuxShell {

    EventExecutor executor();

    /** Sends what waits: now, or at the end of the read that is under way. */
    void flush();

    /** Something waits that nobody will flush: sends it at the end of this turn of the event loop. */
    void requestFlush();

    /** The session is over; called before its streams hear of it. The shell says goodbye and closes the channel. */
    void onClosing(ConnectionClosedException cause);
}
