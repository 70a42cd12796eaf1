package io.reactivep2p.security.tls;

import io.reactivep2p.crypto.NonBlockingRandom;
import java.security.SecureRandom;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Collects the options of a {@link Tls}, inside {@link Tls#create(java.util.function.Consumer)}. */
public final class TlsSpec {

    private @Nullable TlsEngine engine;
    private boolean earlyMuxerNegotiation = true;
    private boolean offerPostQuantum;
    private Clock clock = Clock.systemUTC();
    private @Nullable SecureRandom random;

    TlsSpec() {}

    /**
     * Who speaks TLS. By default what the system property {@value Tls#ENGINE_PROPERTY} names, else BoringSSL where it is available, else
     * the JDK.
     *
     * @throws IllegalArgumentException if this JVM does not have it
     */
    public TlsSpec engine(TlsEngine engine) {
        if (!engine.isAvailable()) {
            throw new IllegalArgumentException("the TLS engine " + engine + " is not available in this JVM");
        }
        this.engine = engine;
        return this;
    }

    /**
     * Whether to agree on the muxer inside the handshake, which saves a round trip with peers that do so too (go, js). On by default.
     */
    public TlsSpec earlyMuxerNegotiation(boolean enabled) {
        this.earlyMuxerNegotiation = enabled;
        return this;
    }

    /**
     * Whether a dialer offers X25519MLKEM768, a key exchange that a quantum computer of days to come cannot undo, before X25519. Off by
     * default: it adds 1.2 KiB to each side's first flight and a fifth to the cost of a handshake, and Noise and QUIC have no such
     * thing. A listener takes it from who offers it (go and rust do), in either case. Only {@link TlsEngine#BORINGSSL} has it.
     */
    public TlsSpec offerPostQuantum(boolean enabled) {
        this.offerPostQuantum = enabled;
        return this;
    }

    /** What the validity of certificates is measured by, ours and the peers'. By default the system's. */
    public TlsSpec clock(Clock clock) {
        this.clock = clock;
        return this;
    }

    /**
     * Where the key of our certificate comes from, and what the JDK's engine draws; BoringSSL has its own. Used on event loops: must not
     * block. By default a DRBG seeded here.
     */
    public TlsSpec random(SecureRandom random) {
        this.random = random;
        return this;
    }

    TlsOptions options() {
        TlsEngine chosen = engine == null ? TlsEngine.chosen() : engine;
        if (offerPostQuantum && chosen != TlsEngine.BORINGSSL) {
            throw new IllegalArgumentException("the TLS engine " + chosen + " has no X25519MLKEM768 to offer");
        }
        return new TlsOptions(
                chosen,
                earlyMuxerNegotiation,
                offerPostQuantum,
                clock,
                random == null ? NonBlockingRandom.create() : random);
    }
}
