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

    /** Each address that was tried or skipped, with its cause, in the order in which they failed. */
    public Map<Multiaddr, Throwable> attempts() {
        return attempts;
    }

    private static String describe(@Nullable PeerId peer, String reason, Map<Multiaddr, Throwable> attempts) {
        StringBuilder text = new StringBuilder("cannot dial ")
                .append(peer == null ? "the address" : peer)
                .append(": ")
                .append(reason);
        attempts.forEach((address, cause) ->
                text.append("; ").append(address).append(": ").append(cause.getMessage()));
        return text.toString();
    }
}
