/**
 * Finding things in a network, whoever finds them: interfaces that services use and discovery mechanisms implement, so that neither
 * imports the other.
 *
 * <pre>
 *   pubsub ------ uses -----> {@link io.reactivep2p.routing.PeerDiscovery} <----- implements ------ rendezvous, DHT, ... or the application
 * </pre>
 *
 * <p>Only what has a user stands here. Finding a peer's addresses by its id, the providers of content, and values by their keys come with
 * the DHT that answers such questions.
 *
 * <p>Prior art: go-libp2p's {@code core/discovery}, whose Advertiser returns the time that was granted and whose Discoverer returns peers as
 * they are found; the <a href="https://github.com/libp2p/specs/blob/master/rendezvous/README.md">rendezvous specification</a>, whose
 * REGISTER and DISCOVER are these two methods. Its UNREGISTER is not here, since a DHT has nothing like it.
 */
@NullMarked
package io.reactivep2p.routing;

import org.jspecify.annotations.NullMarked;
