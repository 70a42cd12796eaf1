/**
 * What is known of peers: addresses with the time they are believed for, keys, protocols, and a few words about them.
 *
 * <p>Addresses that a peer signed itself ({@link io.reactivep2p.record.PeerRecord}) replace what others say of it, and a record is taken
 * only if its sequence number is higher than that of the one before. Everything is bounded: peers, addresses and protocols of a
 * peer ({@link io.reactivep2p.peerstore.PeerstoreOptions}); what is over the bound pushes out what was used longest ago or would have
 * expired first. The times to live are those of go-libp2p.
 */
@NullMarked
package io.reactivep2p.peerstore;

import org.jspecify.annotations.NullMarked;
