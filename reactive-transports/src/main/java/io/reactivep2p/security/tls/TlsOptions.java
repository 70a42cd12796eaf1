package io.reactivep2p.security.tls;

import java.security.SecureRandom;
import java.time.Clock;

/**
 * How a {@link Tls} works; made through a {@link TlsSpec}.
 *
 * @param engine who speaks TLS
 * @param earlyMuxerNegotiation whether ALPN offers our muxers and may agree on one, which saves a round trip
 * @param offerPostQuantum whether a dialer offers X25519MLKEM768 before X25519
 * @param clock says when a certificate is made, and whether the peer's is valid
 * @param random makes the certificate, and what the JDK's engine draws; used on event loops, so it must not block
 */
record TlsOptions(
        TlsEngine engine, boolean earlyMuxerNegotiation, boolean offerPostQuantum, Clock clock, SecureRandom random) {}
