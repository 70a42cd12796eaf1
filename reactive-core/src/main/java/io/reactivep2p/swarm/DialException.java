package io.reactivep2p.swarm;

import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** No connection could be made: {@link #attempts()} says for each address why. */
public final class DialException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    /** How many addresses the message tells of, as in go-libp2p. */
    private static final int MAX_TOLD = 16;

    private final transient @Nullable PeerId peer;
    private final transient Map<Multiaddr, Throwable> attempts;

    DialException(@Nullable PeerId peer, String reason, Map<Multiaddr, Throwable> attempts) {
        super(
                describe(peer, reason, attempts),
                attempts.values().stream().findFirst().orElse(null));
        this.peer = peer;
        this.attempts = Collections.unmodifiableMap(new LinkedHashMap<>(attempts));
    }

    /** Whom the dial was for, if it was for anyone in particular. */
    public Optional<PeerId> peer() {
        return Optional.ofNullable(peer);
    }

    /**
     * Each address that was tried with the cause of its failure, and each that was not with an {@link AddressRefusedException}, in the
     * order in which that was found out. A name that leads nowhere stands for the addresses behind it. An address that was given up only
     * because the whole dial took too long is not among them.
     */
    public Map<Multiaddr, Throwable> attempts() {
        return attempts;
    }

    private static String describe(@Nullable PeerId peer, String reason, Map<Multiaddr, Throwable> attempts) {
        StringBuilder text = new StringBuilder("cannot dial ")
                .append(peer == null ? "the address" : peer)
                .append(": ")
                .append(reason);
        attempts.entrySet().stream().limit(MAX_TOLD).forEach(attempt -> text.append("; ")
                .append(attempt.getKey())
                .append(": ")
                .append(attempt.getValue().getMessage()));
        if (attempts.size() > MAX_TOLD) {
            text.append("; and ").append(attempts.size() - MAX_TOLD).append(" more");
        }
        return text.toString();
    }
}
