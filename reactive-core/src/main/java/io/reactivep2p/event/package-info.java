/** What a host tells of itself: {@link io.reactivep2p.event.HostEvent}s, through a hub that no subscriber can slow down or fill. */
@NullMarked
package io.reactivep2p.event;

import org.jspecify.annotations.NullMarked;
