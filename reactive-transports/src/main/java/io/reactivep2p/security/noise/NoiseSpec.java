package io.reactivep2p.security.noise;

import java.security.SecureRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects the options of a {@link Noise}, inside {@link Noise#create(java.util.function.Consumer)}. */
public final class NoiseSpec {

    private @Nullable AeadEngine engine;
    private boolean earlyMuxerNegotiation = true;
    private @Nullable SecureRandom random;

    NoiseSpec() {}

    /**
     * Who computes the cipher. By default what the system property {@value Noise#ENGINE_PROPERTY} names, else what a short measurement
     * finds fastest, once per JVM.
     *
     * @throws IllegalArgumentException if this JVM does not have it
     */
    public NoiseSpec engine(AeadEngine engine) {
        if (!engine.isAvailable()) {
            throw new IllegalArgumentException("the cipher engine " + engine + " is not available in this JVM");
        }
        this.engine = engine;
        return this;
    }

    /**
     * Whether to agree on the muxer inside the handshake, which saves a round trip with peers that do so too (go, js). On by default.
     */
    public NoiseSpec earlyMuxerNegotiation(boolean enabled) {
        this.earlyMuxerNegotiation = enabled;
        return this;
    }

    /**
     * Where the static and ephemeral keys come from. Used on event loops: must not block. By default Conscrypt's randomness where it is
     * there, else a DRBG seeded here.
     */
    public NoiseSpec random(SecureRandom random) {
        this.random = random;
        return this;
    }

    NoiseOptions options() {
        return new NoiseOptions(
                engine == null ? AeadCalibration.chosen() : engine, earlyMuxerNegotiation, keys(random));
    }

    private static Supplier<DhKeyPair> keys(@Nullable SecureRandom random) {
        return random == null ? X25519Engine.fastest().generator() : () -> DhKeyPair.generate(random);
    }
}
