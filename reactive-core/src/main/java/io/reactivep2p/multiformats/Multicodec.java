package io.reactivep2p.multiformats;

import java.util.Arrays;
import java.util.Optional;

/** The codes that libp2p uses for kinds of content and for hash functions; other codes exist and are met as plain numbers. */
public enum Multicodec {
    IDENTITY(0x00),
    CIDV1(0x01),
    SHA1(0x11),
    SHA2_256(0x12),
    SHA2_512(0x13),
    SHA3_512(0x14),
    SHA3_256(0x16),
    BLAKE3(0x1e),
    CBOR(0x51),
    RAW(0x55),
    DBL_SHA2_256(0x56),
    DAG_PB(0x70),
    DAG_CBOR(0x71),
    LIBP2P_KEY(0x72),
    IPNS_NS(0xe5),
    ED25519_PUB(0xed),
    DAG_JSON(0x0129),
    JSON(0x0200),
    IPNS_RECORD(0x0300),
    LIBP2P_PEER_RECORD(0x0301),
    LIBP2P_RELAY_RSVP(0x0302),
    TRANSPORT_BITSWAP(0x0900),
    TRANSPORT_IPFS_GATEWAY_HTTP(0x0920),
    BLAKE2B_256(0xb220),
    BLAKE2S_256(0xb260);

    private final int code;

    Multicodec(int code) {
        this.code = code;
    }

    /** The number in the multicodec table. */
    public int code() {
        return code;
    }

    /** The code as a varint, as it stands before content: {@code 81 06} for {@link #LIBP2P_PEER_RECORD}. */
    public byte[] toBytes() {
        return Varint.toBytes(code);
    }

    public static Optional<Multicodec> byCode(long code) {
        return Arrays.stream(values()).filter(codec -> codec.code == code).findFirst();
    }
}
