package io.reactivep2p.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Frames, and the ClientHello that begins a handshake, byte by byte. */
final class ForgedFrames {

    private static final HexFormat HEX = HexFormat.of();

    /** Its initial_source_connection_id is to be that of the packets, and there must be one. */
    static byte[] goodParameters(byte[] scid) {
        return concat(
                new byte[] {0x0f, (byte) scid.length}, scid, HEX.parseHex("0404800fffff"), HEX.parseHex("08024064"));
    }

    private ForgedFrames() {}

    static byte[] hex(String frames) {
        return HEX.parseHex(frames);
    }

    static byte[] concat(byte[]... parts) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(parts));
    }

    static byte[] crypto(int offset, byte[] data) {
        ByteBuf frame =
                Unpooled.buffer().writeByte(0x06).writeInt(0x80000000 | offset).writeShort(0x4000 | data.length);
        return ByteBufUtil.getBytes(frame.writeBytes(data));
    }

    /** What BoringSSL goes on with, in that it would be answered: TLS 1.3, X25519, ALPN {@code libp2p}. */
    static byte[] clientHello(byte[] transportParameters) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) 9);
        byte[] alpn = QuicIdentity.ALPN.getBytes(StandardCharsets.US_ASCII);
        byte[] extensions = concat(
                extension(0x2b, hex("020304")),
                extension(0x0a, hex("0002001d")),
                extension(0x0d, hex("0004" + "0403" + "0804")),
                extension(0x33, concat(hex("0024" + "001d" + "0020"), key)),
                extension(0x10, concat(new byte[] {0, (byte) (alpn.length + 1), (byte) alpn.length}, alpn)),
                extension(0x39, transportParameters));
        byte[] body = concat(hex("0303"), key, hex("00" + "0002" + "1301" + "0100"), counted(extensions));
        return concat(new byte[] {1, 0, (byte) (body.length >> 8), (byte) body.length}, body);
    }

    private static byte[] extension(int type, byte[] content) {
        return concat(new byte[] {(byte) (type >> 8), (byte) type}, counted(content));
    }

    private static byte[] counted(byte[] content) {
        return concat(new byte[] {(byte) (content.length >> 8), (byte) content.length}, content);
    }
}
