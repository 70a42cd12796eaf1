package io.reactivep2p.muxer.mplex;

import io.netty.buffer.ByteBuf;

/** Where the session's frames go: one head, and as many pieces of data as make up its length. */
interface FrameOutput {

    void head(int flag, long id, int length);

    /**
     * The next piece of the data that the last head announced.
     *
     * @param piece the output's to release
     */
    void data(ByteBuf piece);
}
