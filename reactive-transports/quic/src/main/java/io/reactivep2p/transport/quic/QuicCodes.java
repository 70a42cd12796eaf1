package io.reactivep2p.transport.quic;

import io.reactivep2p.connection.ErrorCode;

/** Error codes on the wire: QUIC has 62 bits for the application's, libp2p 32, and the codec takes 31. */
final class QuicCodes {

    private static final long LARGEST = 0xFFFF_FFFFL;

    private QuicCodes() {}

    /** The code to send; one of 2^31 and more, which libp2p has given no meaning, goes as 0. */
    static int wire(ErrorCode code) {
        return code.value() > Integer.MAX_VALUE ? 0 : (int) code.value();
    }

    /** What was received; larger than any of libp2p's says nothing. */
    static ErrorCode read(long code) {
        return code < 0 || code > LARGEST ? ErrorCode.NONE : ErrorCode.of(code);
    }
}
