package io.reactivep2p.transport.websocket;

import io.netty.buffer.ByteBuf;

/** What a {@link FrameReader} finds: control frames whole, data as it comes. */
sealed interface FramePiece {

    /**
     * Some bytes of a data frame, at least one; where frames and messages end means nothing.
     *
     * @param bytes the receiver's to release
     */
    record Data(ByteBuf bytes) implements FramePiece {}

    /** @param payload to be sent back */
    record Ping(byte[] payload) implements FramePiece {}

    /** Asked for or not, it says nothing. */
    record Pong() implements FramePiece {}

    /** @param code {@link CloseCode#NONE} if none was given */
    record Close(int code) implements FramePiece {}
}
