package io.reactivep2p.muxer.yamux;

import io.netty.buffer.ByteBuf;

/** Where the session's frames go: one header, and for Data as many pieces of payload as make up its length. */
interface FrameOutput {

    void header(int type, int flags, int streamId, int length);

    /**
     * The next piece of the payload that the last header announced.
     *
     * @param piece the output's to release
     */
    void payload(ByteBuf piece);
}
