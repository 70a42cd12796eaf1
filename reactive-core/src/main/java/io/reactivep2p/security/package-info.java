/**
 * The SPI of secure channels: {@link io.reactivep2p.security.SecureChannel} turns a raw connection into a {@link
 * io.reactivep2p.security.SecuredConnection} whose remote peer is proved. A {@link io.reactivep2p.security.Protector} stands below it,
 * where the host is of a private network.
 */
@NullMarked
package io.reactivep2p.security;

import org.jspecify.annotations.NullMarked;
