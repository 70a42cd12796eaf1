package io.reactivep2p.security.pnet;

import io.reactivep2p.crypto.NonBlockingRandom;
import io.reactivep2p.security.Protector;
import io.reactivep2p.transport.RawConnection;
import java.security.SecureRandom;

/**
 * A network of those who know one {@link PreSharedKey}. Give it to {@code HostBuilder.privateNetwork}:
 *
 * <pre>{@code
 * Libp2p.host().privateNetwork(PrivateNetwork.create(PreSharedKey.load(Path.of("swarm.key")))) ...
 * }</pre>
 *
 * Immutable; one serves any number of connections and hosts.
 */
public final class PrivateNetwork implements Protector {

    private final PreSharedKey key;
    private final SecureRandom random;

    private PrivateNetwork(PreSharedKey key, SecureRandom random) {
        this.key = key;
        this.random = random;
        // Loads what a cipher needs, and seeds the randomness: now, not on an event loop.
        key.cipher(nonce()).apply(new byte[1], 0, 1);
    }

    /** Nonces come from a DRBG that is seeded here; may block for that. */
    public static PrivateNetwork create(PreSharedKey key) {
        return create(key, NonBlockingRandom.create());
    }

    /** @param random where nonces come from; used on event loops, so it must not block */
    public static PrivateNetwork create(PreSharedKey key, SecureRandom random) {
        return new PrivateNetwork(key, random);
    }

    /** The {@link PreSharedKey#fingerprint} of the network's key. */
    public String fingerprint() {
        return key.fingerprint();
    }

    @Override
    public void protect(RawConnection raw) {
        raw.channel().pipeline().addLast(new PrivateNetworkHandler(key, nonce()));
    }

    private byte[] nonce() {
        byte[] nonce = new byte[XSalsa20.NONCE_BYTES];
        random.nextBytes(nonce);
        return nonce;
    }

    @Override
    public String toString() {
        return "private network " + fingerprint();
    }
}
