/**
 * The SPI of secure channels: {@link io.reactivep2p.security.SecureChannel} turns a raw connection into a {@link
 * io.reactivep2p.security.SecuredConnection} whose remote peer is proved.
 */
@NullMarked
package io.reactivep2p.security;

import org.jspecify.annotations.NullMarked;
