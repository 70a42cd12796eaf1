package io.reactivep2p.security.plaintext;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.SansIo;
import io.reactivep2p.crypto.MalformedKeyException;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.multiformats.MultiformatException;
import io.reactivep2p.multiformats.Varint;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.plaintext.pb.PlaintextProto.Exchange;
import org.jspecify.annotations.Nullable;

/** The message that each side sends, and the reading of the remote peer's, however it is cut. */
@SansIo
final class PlaintextExchange {

    /** The longest message, without its length: a key of the largest kind, its id, and room to spare. */
    static final int MAX_BYTES = 4_096;

    private static final int MAX_LENGTH_BYTES = Varint.size(MAX_BYTES);

    private final @Nullable PeerId expectedPeer;
    private final byte[] length = new byte[MAX_LENGTH_BYTES];
    private int lengthBytes;
    /** There once its length is known and allowed. */
    private byte @Nullable [] message;

    private int messageBytes;

    /** @param expectedPeer whom we mean to talk to; {@code null} takes anyone */
    PlaintextExchange(@Nullable PeerId expectedPeer) {
        this.expectedPeer = expectedPeer;
    }

    /** Appends our message, with its length. */
    static void write(PublicKey key, ByteBuf out) {
        byte[] message = Exchange.newBuilder()
                .setId(UnsafeByteOperations.unsafeWrap(PeerId.of(key).toBytes()))
                .setPubkey(UnsafeByteOperations.unsafeWrap(key.encode()))
                .build()
                .toByteArray();
        Varint.write(message.length, out);
        out.writeBytes(message);
    }

    /**
     * Takes what it needs of {@code in}, and nothing behind the message.
     *
     * @return the remote peer's key once it is there; {@code null} while the message is not complete
     * @throws HandshakeException naming the check that failed
     */
    @Nullable
    PublicKey onBytes(ByteBuf in) {
        byte[] target = message;
        while (target == null && in.isReadable()) {
            target = onLengthByte(in.readByte());
        }
        if (target == null) {
            return null;
        }
        message = target;
        int bytes = Math.min(in.readableBytes(), target.length - messageBytes);
        in.readBytes(target, messageBytes, bytes);
        messageBytes += bytes;
        return messageBytes == target.length ? key(target, expectedPeer) : null;
    }

    private byte @Nullable [] onLengthByte(byte octet) {
        length[lengthBytes++] = octet;
        if (octet < 0) {
            if (lengthBytes == MAX_LENGTH_BYTES) {
                throw new HandshakeException(
                        "plaintext: the exchange is announced with more than the " + MAX_BYTES + " bytes accepted");
            }
            return null;
        }
        long bytes;
        try {
            bytes = Varint.read(length, 0, lengthBytes);
        } catch (MultiformatException e) {
            throw new HandshakeException("plaintext: the length of the exchange is malformed: " + e.getMessage(), e);
        }
        if (bytes > MAX_BYTES) {
            throw new HandshakeException("plaintext: the exchange is announced with " + bytes + " bytes, at most "
                    + MAX_BYTES + " are accepted");
        }
        return new byte[(int) bytes];
    }

    private static PublicKey key(byte[] message, @Nullable PeerId expectedPeer) {
        Exchange exchange;
        try {
            exchange = Exchange.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw new HandshakeException("plaintext: the exchange is no protobuf: " + e.getMessage(), e);
        }
        // Zero-length means absent: no key and no id is empty.
        if (exchange.getPubkey().isEmpty()) {
            throw new HandshakeException("plaintext: the exchange has no public key");
        }
        if (exchange.getId().isEmpty()) {
            throw new HandshakeException("plaintext: the exchange has no peer id");
        }
        PublicKey key;
        PeerId claimed;
        try {
            key = PublicKey.decode(exchange.getPubkey().toByteArray());
            claimed = PeerId.of(exchange.getId().toByteArray());
        } catch (MalformedKeyException e) {
            throw new HandshakeException("plaintext: the public key is malformed: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new HandshakeException("plaintext: the peer id is malformed: " + e.getMessage(), e);
        }
        if (!claimed.matches(key)) {
            throw new HandshakeException(
                    "plaintext: the peer id " + claimed + " is not that of the public key, which is " + PeerId.of(key));
        }
        if (expectedPeer != null && !expectedPeer.equals(claimed)) {
            throw new HandshakeException("plaintext: expected peer " + expectedPeer + ", but " + claimed + " answered");
        }
        return key;
    }
}
