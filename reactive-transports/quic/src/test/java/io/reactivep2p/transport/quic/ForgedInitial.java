package io.reactivep2p.transport.quic;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Initial packets as anyone can make them: their keys follow from a public salt and the connection id that the client chose (RFC 9001,
 * section 5.2), so whoever sees that can write either side's.
 *
 * <pre>
 *   1100 00 01 | version 32 | dcid length 8 | dcid | scid length 8 | scid | token length 16, token | length 16 | number 16 | frames, tag
 *          '-- packet numbers have two bytes      and so have the lengths, marked 01
 * </pre>
 */
final class ForgedInitial {

    private static final byte[] SALT = HexFormat.of().parseHex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
    private static final int TAG_BYTES = 16;
    private static final int NUMBER_BYTES = 2;
    private static final int SAMPLE_BYTES = 16;

    private final byte[] key;
    private final byte[] iv;
    private final byte[] headerKey;

    private ForgedInitial(byte[] clientsFirstDcid, String side) {
        byte[] secret = expand(hmac(SALT, clientsFirstDcid), side, 32);
        key = expand(secret, "quic key", 16);
        iv = expand(secret, "quic iv", 12);
        headerKey = expand(secret, "quic hp", 16);
    }

    /** What a client writes whose first packet has this destination id. */
    static ForgedInitial ofClient(byte[] dcid) {
        return new ForgedInitial(dcid, "client in");
    }

    /** What its server answers. */
    static ForgedInitial ofServer(byte[] clientsFirstDcid) {
        return new ForgedInitial(clientsFirstDcid, "server in");
    }

    /** A datagram of the smallest size that a server looks at, filled up with PADDING. */
    byte[] packet(byte[] dcid, byte[] scid, byte[] token, int number, byte[] frames) {
        int header = 1 + 4 + 1 + dcid.length + 1 + scid.length + 2 + token.length + 2 + NUMBER_BYTES;
        int payload = Math.max(frames.length, QuicPacket.MIN_INITIAL_BYTES - header - TAG_BYTES);
        ByteBuffer out = ByteBuffer.allocate(header + payload + TAG_BYTES)
                .put((byte) (0xC0 | NUMBER_BYTES - 1))
                .putInt(1)
                .put((byte) dcid.length)
                .put(dcid)
                .put((byte) scid.length)
                .put(scid)
                .putShort((short) (0x4000 | token.length))
                .put(token)
                .putShort((short) (0x4000 | NUMBER_BYTES + payload + TAG_BYTES))
                .putShort((short) number);
        byte[] packet = out.array();
        byte[] nonce = iv.clone();
        nonce[10] ^= (byte) (number >> 8);
        nonce[11] ^= (byte) number;
        try {
            Cipher aead = Cipher.getInstance("AES/GCM/NoPadding");
            aead.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(key, "AES"),
                    new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
            aead.updateAAD(packet, 0, header);
            aead.doFinal(Arrays.copyOf(frames, payload), 0, payload, packet, header);
            Cipher mask = Cipher.getInstance("AES/ECB/NoPadding");
            mask.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(headerKey, "AES"));
            int numberAt = header - NUMBER_BYTES;
            byte[] bits = mask.doFinal(packet, numberAt + 4, SAMPLE_BYTES);
            packet[0] ^= (byte) (bits[0] & 0x0f);
            packet[numberAt] ^= bits[1];
            packet[numberAt + 1] ^= bits[2];
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return packet;
    }

    /** HKDF-Expand-Label of TLS 1.3, for what one hash covers. */
    private static byte[] expand(byte[] secret, String label, int bytes) {
        byte[] name = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer info = ByteBuffer.allocate(2 + 1 + name.length + 1 + 1)
                .putShort((short) bytes)
                .put((byte) name.length)
                .put(name)
                .put((byte) 0)
                .put((byte) 1);
        return Arrays.copyOf(hmac(secret, info.array()), bytes);
    }

    private static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
