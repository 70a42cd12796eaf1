package io.reactivep2p.muxer.mplex;

/**
 * The head of a frame.
 *
 * @param flag 0 to 7, see {@link MplexFrameCodec}
 * @param id unsigned, at most 60 bits
 * @param length of the data that follows, in bytes
 */
record MplexFrame(int flag, long id, int length) {

    @Override
    public String toString() {
        String name =
                switch (flag) {
                    case MplexFrameCodec.NEW_STREAM -> "NewStream";
                    case MplexFrameCodec.MESSAGE_RECEIVER -> "MessageReceiver";
                    case MplexFrameCodec.MESSAGE_INITIATOR -> "MessageInitiator";
                    case MplexFrameCodec.CLOSE_RECEIVER -> "CloseReceiver";
                    case MplexFrameCodec.CLOSE_INITIATOR -> "CloseInitiator";
                    case MplexFrameCodec.RESET_RECEIVER -> "ResetReceiver";
                    case MplexFrameCodec.RESET_INITIATOR -> "ResetInitiator";
                    default -> "flag " + flag;
                };
        return name + " of stream " + id + ", " + length + " bytes";
    }
}
