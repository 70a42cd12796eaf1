package io.reactivep2p.security.noise;

import java.util.function.Supplier;

/**
 * How a {@link Noise} works; made through a {@link NoiseSpec}.
 *
 * @param engine who computes the cipher
 * @param earlyMuxerNegotiation whether the handshake offers our muxers and may agree on one, which saves a round trip
 * @param keys makes static and ephemeral keys; used on event loops, so it must not block
 */
record NoiseOptions(AeadEngine engine, boolean earlyMuxerNegotiation, Supplier<DhKeyPair> keys) {}
