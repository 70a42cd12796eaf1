package io.reactivep2p.security.tls;

import io.reactivep2p.crypto.NonBlockingRandom;
import java.security.SecureRandom;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Collects the options of a {@link Tls}, inside {@link Tls#create(java.util.function.Consumer)}. */
public final class TlsSpec {

    private @Nullable TlsEngine engine;
    private boolean earlyMuxerNegotiation = true;
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
        return new TlsOptions(
                engine == null ? TlsEngine.chosen() : engine,
                earlyMuxerNegotiation,
                clock,
                random == null ? NonBlockingRandom.create() : random);
    }
}
