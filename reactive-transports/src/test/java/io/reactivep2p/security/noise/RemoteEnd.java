package io.reactivep2p.security.noise;

import io.reactivep2p.connection.Direction;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

/** A peer that speaks correct Noise and says in it whatever a test wants, also what an honest peer would not. */
final class RemoteEnd {

    private static final SecureRandom RANDOM = new SecureRandom();

    final DhKeyPair staticKey = DhKeyPair.generate(RANDOM);
    final HandshakeState state;

    RemoteEnd(Direction direction) {
        CryptoScratch scratch = new CryptoScratch(AeadEngine.BOUNCY_CASTLE.newCipher());
        state = new HandshakeState(
                direction.isInitiator(),
                new byte[0],
                staticKey,
                () -> DhKeyPair.generate(RANDOM),
                scratch.aead,
                scratch.hash);
    }

    byte[] write(byte[] payload) {
        return framed(state.writeMessage(payload));
    }

    byte[] read(byte[] frame) {
        return state.readMessage(frame, NoiseFrames.HEADER_LENGTH, frame.length - NoiseFrames.HEADER_LENGTH);
    }

    /** Plays the initiator against {@code end} up to its last message, which carries {@code payload}. */
    byte[] lastMessageTo(NoisePair.End end, byte[] payload) {
        end.receive(write(new byte[0]));
        read(end.sent());
        return write(payload);
    }

    static byte[] framed(byte[] content) {
        return ByteBuffer.allocate(NoiseFrames.HEADER_LENGTH + content.length)
                .putShort((short) content.length)
                .put(content)
                .array();
    }

    static byte[] flipped(byte[] bytes, int index) {
        byte[] copy = bytes.clone();
        copy[index] ^= 0x40;
        return copy;
    }

    static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
