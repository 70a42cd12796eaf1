package io.reactivep2p.testing;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.SecuredMuxedConnection;
import io.reactivep2p.muxer.StreamMuxer;
import io.reactivep2p.security.SecuredConnection;

/**
 * The least muxer that honours the contract of {@code MuxedStream}, credit included, for tests of what stands above it. One frame:
 *
 * <pre>
 *   +----------+---------------+------------------+
 *   | kind (1) | stream id (4) | value (4)        |   DATA: value is a length, that many bytes follow
 *   +----------+---------------+------------------+   CREDIT: bytes; RESET, GOODBYE: error code; OPEN, END: 0
 * </pre>
 */
public final class TestMuxer implements StreamMuxer {

    public static final ProtocolId PROTOCOL = ProtocolId.of("/test-muxer/1.0.0");

    /** What each direction of a stream may carry before credit, in bytes. Both ends must have the same. */
    public static final int DEFAULT_WINDOW = 256 * 1024;

    private final ProtocolId protocol;
    private final int window;

    private TestMuxer(ProtocolId protocol, int window) {
        this.protocol = protocol;
        this.window = window;
    }

    public static TestMuxer create() {
        return new TestMuxer(PROTOCOL, DEFAULT_WINDOW);
    }

    public static TestMuxer withWindow(int bytes) {
        return new TestMuxer(PROTOCOL, bytes);
    }

    /** Under another name. */
    public static TestMuxer named(String protocol) {
        return new TestMuxer(ProtocolId.of(protocol), DEFAULT_WINDOW);
    }

    @Override
    public ProtocolId protocol() {
        return protocol;
    }

    @Override
    public MuxedConnection mux(SecuredConnection secured) {
        TestMuxing muxing = new TestMuxing(secured.raw(), window);
        secured.raw().channel().pipeline().addLast(muxing);
        return new SecuredMuxedConnection(secured, protocol, muxing);
    }
}
