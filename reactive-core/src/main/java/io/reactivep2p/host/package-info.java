/**
 * The node: {@link io.reactivep2p.host.Host} listens, dials and serves protocols; a {@link io.reactivep2p.host.HostService} gives it more to
 * do. The host knows services by that interface only.
 */
@NullMarked
package io.reactivep2p.host;

import org.jspecify.annotations.NullMarked;
