package io.reactivep2p.security.noise;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.security.HandshakeException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One side of a Noise XX handshake (Noise, section 5.3): the messages are written and read in turn, the initiator begins, and after the
 * third both sides split. Knows nothing of libp2p but its error type.
 */
@SansIo
final class HandshakeState {

    private enum Token {
        E,
        S,
        EE,
        ES,
        SE
    }

    /** The pattern XX: neither side knows the other's static key beforehand, and both send it. */
    private static final List<List<Token>> PATTERN =
            List.of(List.of(Token.E), List.of(Token.E, Token.EE, Token.S, Token.ES), List.of(Token.S, Token.SE));

    /** Bytes of each message beside its payload's plaintext: keys, and tags once there is a key. */
    private static final int[] OVERHEAD = {
        DhKeyPair.KEY_LENGTH,
        2 * DhKeyPair.KEY_LENGTH + 2 * AeadCipher.TAG_LENGTH,
        DhKeyPair.KEY_LENGTH + 2 * AeadCipher.TAG_LENGTH
    };

    private final boolean initiator;
    private final SymmetricState symmetric;
    private final DhKeyPair staticKey;
    private final Supplier<DhKeyPair> ephemeralKeys;
    private @Nullable DhKeyPair ephemeralKey;
    private byte @Nullable [] remoteStaticKey;
    private byte @Nullable [] remoteEphemeralKey;
    private int messages;

    HandshakeState(
            boolean initiator,
            byte[] prologue,
            DhKeyPair staticKey,
            Supplier<DhKeyPair> ephemeralKeys,
            AeadCipher aead,
            NoiseHash hash) {
        this.initiator = initiator;
        this.symmetric = new SymmetricState(aead, hash);
        this.staticKey = staticKey;
        this.ephemeralKeys = ephemeralKeys;
        symmetric.mixHash(prologue, 0, prologue.length);
    }

    /** How many messages of the handshake are behind us, ours and the remote's. */
    int messages() {
        return messages;
    }

    boolean isComplete() {
        return messages == PATTERN.size();
    }

    /** Whether the next message is ours. */
    boolean isOurTurn() {
        return !isComplete() && (messages % 2 == 0) == initiator;
    }

    /** The fewest bytes that the next message can have: that of an empty payload. */
    int nextMessageOverhead() {
        return OVERHEAD[messages];
    }

    byte[] writeMessage(byte[] payload) {
        if (!isOurTurn()) {
            throw new IllegalStateException("message " + (messages + 1) + " is not ours to write");
        }
        byte[] message = new byte[nextMessageOverhead() + payload.length];
        int length = 0;
        for (Token token : PATTERN.get(messages)) {
            switch (token) {
                case E -> {
                    ephemeralKey = ephemeralKeys.get();
                    System.arraycopy(ephemeralKey.publicKey(), 0, message, length, DhKeyPair.KEY_LENGTH);
                    symmetric.mixHash(message, length, DhKeyPair.KEY_LENGTH);
                    length += DhKeyPair.KEY_LENGTH;
                }
                case S -> length += symmetric.encryptAndHash(staticKey.publicKey(), message, length);
                default -> agree(token);
            }
        }
        symmetric.encryptAndHash(payload, message, length);
        messages++;
        return message;
    }

    /**
     * Reads the remote's message and returns its payload.
     *
     * @throws HandshakeException if it is too short, not authentic or brings a point of low order; the handshake is over then
     */
    byte[] readMessage(byte[] in, int offset, int length) {
        if (isComplete() || isOurTurn()) {
            throw new IllegalStateException("message " + (messages + 1) + " is not ours to read");
        }
        if (length < nextMessageOverhead()) {
            throw new HandshakeException("noise: message " + (messages + 1) + " is too short: " + length
                    + " bytes, at least " + nextMessageOverhead() + " expected");
        }
        int position = offset;
        for (Token token : PATTERN.get(messages)) {
            switch (token) {
                case E -> {
                    remoteEphemeralKey = Arrays.copyOfRange(in, position, position + DhKeyPair.KEY_LENGTH);
                    symmetric.mixHash(in, position, DhKeyPair.KEY_LENGTH);
                    position += DhKeyPair.KEY_LENGTH;
                }
                case S -> {
                    // In XX there is a key by the time a static key travels, so it is always encrypted.
                    int encrypted = DhKeyPair.KEY_LENGTH + AeadCipher.TAG_LENGTH;
                    remoteStaticKey = symmetric.decryptAndHash(
                            in, position, encrypted, "the static key of message " + (messages + 1));
                    position += encrypted;
                }
                default -> agree(token);
            }
        }
        byte[] payload = symmetric.decryptAndHash(
                in, position, offset + length - position, "the payload of message " + (messages + 1));
        messages++;
        return payload;
    }

    private void agree(Token token) {
        // The first letter of es and se is the initiator's key, the second the responder's.
        boolean ours = token == Token.EE || (token == Token.ES) == initiator;
        boolean theirs = token == Token.EE || (token == Token.SE) == initiator;
        DhKeyPair local = required(ours ? ephemeralKey : staticKey);
        byte[] remote = required(theirs ? remoteEphemeralKey : remoteStaticKey);
        byte[] secret = new byte[DhKeyPair.KEY_LENGTH];
        if (!local.agree(remote, secret)) {
            throw new HandshakeException("noise: the remote "
                    + (theirs ? "ephemeral" : "static") + " key of message " + (messages + 1)
                    + " is a point of low order");
        }
        symmetric.mixKey(secret);
    }

    /** What both sides saw; equal on both, fit to bind other protocols to this handshake. */
    byte[] handshakeHash() {
        return symmetric.handshakeHash().clone();
    }

    /** The X25519 key that the remote has proved to hold, once the handshake is complete. */
    byte[] remoteStaticKey() {
        return required(remoteStaticKey);
    }

    /** The keys of the transport phase. */
    TransportKeys split() {
        if (!isComplete()) {
            throw new IllegalStateException("the handshake is at message " + messages);
        }
        CipherState[] states = symmetric.split();
        return initiator ? new TransportKeys(states[0], states[1]) : new TransportKeys(states[1], states[0]);
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("the pattern uses a key before it is known");
        }
        return value;
    }

    /** One direction each. */
    record TransportKeys(CipherState outbound, CipherState inbound) {}
}
