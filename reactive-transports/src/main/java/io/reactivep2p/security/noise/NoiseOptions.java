package io.reactivep2p.security.noise;

import java.security.SecureRandom;

/**
 * How a {@link Noise} works; made through a {@link NoiseSpec}.
 *
 * @param engine who computes the cipher
 * @param earlyMuxerNegotiation whether the handshake offers our muxers and may agree on one, which saves a round trip
 * @param random makes the keys; used on event loops, so it must not block
 */
record NoiseOptions(AeadEngine engine, boolean earlyMuxerNegotiation, SecureRandom random) {}
