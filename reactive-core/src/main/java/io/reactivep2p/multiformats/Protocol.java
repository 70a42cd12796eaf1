package io.reactivep2p.multiformats;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The address protocols of the multiaddr table and the few that neighbours add to it. Names are case-sensitive.
 *
 * <p>Values in text form are canonical where they come out of an {@link Multiaddr}: decimal numbers, RFC 5952, base58 peer
 * ids, base64url certificate hashes.
 */
public enum Protocol {
    IP4(4, "ip4", 4, ValueCodec.IP4),
    TCP(6, "tcp", 2, ValueCodec.PORT),
    UDP(273, "udp", 2, ValueCodec.PORT),
    DCCP(33, "dccp", 2, ValueCodec.PORT),
    SCTP(132, "sctp", 2, ValueCodec.PORT),
    IP6(41, "ip6", 16, ValueCodec.IP6),
    /** The zone of a link-local address; stands before {@link #IP6}. */
    IP6ZONE(42, "ip6zone", Protocol.VARIABLE, ValueCodec.NAME),
    IPCIDR(43, "ipcidr", 1, ValueCodec.PREFIX_LENGTH),
    DNS(53, "dns", Protocol.VARIABLE, ValueCodec.NAME),
    DNS4(54, "dns4", Protocol.VARIABLE, ValueCodec.NAME),
    DNS6(55, "dns6", Protocol.VARIABLE, ValueCodec.NAME),
    DNSADDR(56, "dnsaddr", Protocol.VARIABLE, ValueCodec.NAME),
    UDT(301, "udt"),
    UTP(302, "utp"),
    /** A path that takes the rest of the text; nothing can follow it. Its value begins with a slash. */
    UNIX(400, "unix", Protocol.VARIABLE, ValueCodec.PATH),
    /** A peer id; {@code ipfs} is another name for it on input. */
    P2P(421, "p2p", Protocol.VARIABLE, ValueCodec.PEER_ID),
    ONION(444, "onion", 12, ValueCodec.ONION),
    ONION3(445, "onion3", 37, ValueCodec.ONION3),
    GARLIC64(446, "garlic64", Protocol.VARIABLE, ValueCodec.GARLIC64),
    GARLIC32(447, "garlic32", Protocol.VARIABLE, ValueCodec.GARLIC32),
    TLS(448, "tls"),
    SNI(449, "sni", Protocol.VARIABLE, ValueCodec.NAME),
    NOISE(454, "noise"),
    /** QUIC draft 29, which is dead: parsed, never emitted. */
    QUIC(460, "quic"),
    QUIC_V1(461, "quic-v1"),
    WEBTRANSPORT(465, "webtransport"),
    CERTHASH(466, "certhash", Protocol.VARIABLE, ValueCodec.CERTIFICATE_HASH),
    HTTP(480, "http"),
    HTTP_PATH(481, "http-path", Protocol.VARIABLE, ValueCodec.ESCAPED_PATH),
    /** Deprecated for {@code /tls/http}: parsed, never emitted. */
    HTTPS(443, "https"),
    WS(477, "ws"),
    /** Deprecated for {@code /tls/ws}: parsed, never emitted. */
    WSS(478, "wss"),
    WEBRTC_DIRECT(280, "webrtc-direct"),
    WEBRTC(281, "webrtc"),
    P2P_CIRCUIT(290, "p2p-circuit"),
    /** Deprecated. */
    P2P_WEBSOCKET_STAR(479, "p2p-websocket-star"),
    /** Deprecated. */
    P2P_WEBRTC_STAR(275, "p2p-webrtc-star"),
    /** Deprecated. */
    P2P_WEBRTC_DIRECT(276, "p2p-webrtc-direct"),
    /** Deprecated. */
    P2P_STARDUST(277, "p2p-stardust"),
    /** In-process; eight bytes as go and rust have it, where the table says "variable". */
    MEMORY(777, "memory", 8, ValueCodec.MEMORY),
    /** go only. */
    PLAINTEXTV2(7367777, "plaintextv2"),
    /** rust only. */
    X_PARITY_WS(4770, "x-parity-ws", Protocol.VARIABLE, ValueCodec.ESCAPED_PATH),
    /** rust only. */
    X_PARITY_WSS(4780, "x-parity-wss", Protocol.VARIABLE, ValueCodec.ESCAPED_PATH);

    /** The {@link #valueLength()} of a protocol whose values are preceded by their length. */
    public static final int VARIABLE = -1;

    private static final Map<String, Protocol> BY_NAME = new HashMap<>();
    private static final Map<Integer, Protocol> BY_CODE = new HashMap<>();
    /** The codes that matter, without boxing. */
    private static final @Nullable Protocol[] LOW_CODES = new Protocol[512];

    static {
        for (Protocol protocol : values()) {
            BY_NAME.put(protocol.protocolName, protocol);
            BY_CODE.put(protocol.code, protocol);
            if (protocol.code < LOW_CODES.length) {
                LOW_CODES[protocol.code] = protocol;
            }
        }
        BY_NAME.put("ipfs", P2P);
    }

    private final int code;
    private final String protocolName;
    private final int valueLength;
    /** Immutable: functions without state. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final ValueCodec values;
    /** Never written again. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final byte[] codeBytes;

    Protocol(int code, String protocolName) {
        this(code, protocolName, 0, ValueCodec.NONE);
    }

    Protocol(int code, String protocolName, int valueLength, ValueCodec values) {
        this.code = code;
        this.protocolName = protocolName;
        this.valueLength = valueLength;
        this.values = values;
        this.codeBytes = Varint.toBytes(code);
    }

    /** The number in the multicodec table. */
    public int code() {
        return code;
    }

    /** The name in text form, {@code "quic-v1"}. */
    public String protocolName() {
        return protocolName;
    }

    /** Bytes of a value: 0 for a protocol without one, {@link #VARIABLE} where the length is written before it. */
    public int valueLength() {
        return valueLength;
    }

    public boolean hasValue() {
        return valueLength != 0;
    }

    /** The protocol of that name; {@code ipfs} is {@link #P2P}. */
    public static Optional<Protocol> byName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    public static Optional<Protocol> byCode(long code) {
        return Optional.ofNullable(find(code));
    }

    static @Nullable Protocol find(String name) {
        return BY_NAME.get(name);
    }

    static @Nullable Protocol find(long code) {
        if (code >= 0 && code < LOW_CODES.length) {
            return LOW_CODES[(int) code];
        }
        return code < 0 || code > Integer.MAX_VALUE ? null : BY_CODE.get((int) code);
    }

    ValueCodec valueCodec() {
        return values;
    }

    /** The code as a varint; for reading only. */
    byte[] codeBytes() {
        return codeBytes;
    }
}
