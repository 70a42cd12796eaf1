/**
 * Finding things: the Kademlia distributed hash table, as Fluxes of peers, providers and records.
 *
 * <p>Nothing is here yet but this page.
 */
@NullMarked
package io.reactivep2p.dht;

import org.jspecify.annotations.NullMarked;
