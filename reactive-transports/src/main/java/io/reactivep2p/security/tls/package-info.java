/** The secure channel {@code /tls/1.0.0}, and the certificates that QUIC uses too. */
@NullMarked
package io.reactivep2p.security.tls;

import org.jspecify.annotations.NullMarked;
