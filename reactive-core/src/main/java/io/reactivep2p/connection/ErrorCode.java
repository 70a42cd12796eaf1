package io.reactivep2p.connection;

/**
 * Why a stream was reset or a connection closed, as the number that travels where the transport can carry one (yamux window
 * updates with RST, QUIC). The named values are those of go-libp2p and the draft specification of error codes.
 *
 * @param value an unsigned 32-bit number; 0 says nothing
 */
public record ErrorCode(long value) {

    public static final ErrorCode NONE = new ErrorCode(0);
    public static final ErrorCode NEGOTIATION_FAILED = new ErrorCode(0x1001);
    public static final ErrorCode RESOURCE_LIMIT_EXCEEDED = new ErrorCode(0x1002);
    public static final ErrorCode RATE_LIMITED = new ErrorCode(0x1003);
    public static final ErrorCode PROTOCOL_VIOLATION = new ErrorCode(0x1004);
    public static final ErrorCode SUPPLANTED = new ErrorCode(0x1005);
    public static final ErrorCode GARBAGE_COLLECTED = new ErrorCode(0x1006);
    public static final ErrorCode SHUTDOWN = new ErrorCode(0x1007);
    public static final ErrorCode GATED = new ErrorCode(0x1008);

    public ErrorCode {
        if (value < 0 || value > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("an error code is an unsigned 32-bit number, not " + value);
        }
    }

    public static ErrorCode of(long value) {
        return value == 0 ? NONE : new ErrorCode(value);
    }

    @Override
    public String toString() {
        if (value >= 0x1001 && value <= 0x1008) {
            return switch ((int) value) {
                case 0x1001 -> "negotiation failed";
                case 0x1002 -> "resource limit exceeded";
                case 0x1003 -> "rate limited";
                case 0x1004 -> "protocol violation";
                case 0x1005 -> "supplanted";
                case 0x1006 -> "garbage collected";
                case 0x1007 -> "shutdown";
                default -> "gated";
            };
        }
        return value == 0 ? "no reason given" : "code 0x" + Long.toHexString(value);
    }
}
