package io.reactivep2p.transport.quic;

import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Random connection ids. Nothing follows from one about any other, nor about a reset token. */
final class ConnectionIds implements QuicConnectionIdGenerator {

    private final SecureRandom random;

    ConnectionIds(SecureRandom random) {
        this.random = random;
    }

    @Override
    public ByteBuffer newId(int length) {
        byte[] id = new byte[length];
        random.nextBytes(id);
        return ByteBuffer.wrap(id);
    }

    @Override
    public ByteBuffer newId(ByteBuffer input, int length) {
        return newId(length);
    }

    @Override
    public int maxConnectionIdLength() {
        return QuicPacket.ID_BYTES;
    }

    @Override
    public boolean isIdempotent() {
        return false;
    }
}
