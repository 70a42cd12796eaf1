/**
 * Assembly: {@link io.reactivep2p.Libp2p} and {@link io.reactivep2p.HostBuilder} put a {@link io.reactivep2p.host.Host} together. The
 * only package that imports everything below it.
 */
@NullMarked
package io.reactivep2p;

import org.jspecify.annotations.NullMarked;
