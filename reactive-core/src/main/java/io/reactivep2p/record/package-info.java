/**
 * Statements that a peer signed with its host key, so that others can pass them on.
 *
 * <pre>
 *   SignedEnvelope   1 public key   2 payload type   3 payload   5 signature                    protobuf
 *   signed bytes     length, domain | length, payload type | length, payload                    lengths are varints
 *   PeerRecord       1 peer id   2 sequence number   3 addresses (1 multiaddr)                  protobuf, a payload
 * </pre>
 *
 * <p>Specifications: <a href="https://github.com/libp2p/specs/blob/master/RFC/0002-signed-envelopes.md">RFC 0002</a> and <a
 * href="https://github.com/libp2p/specs/blob/master/RFC/0003-routing-records.md">RFC 0003</a> (revision 7740c07).
 *
 * <p>Deviations and choices:
 *
 * <ul>
 *   <li>Peer records are signed under the domain {@code libp2p-peer-record} with the payload type {@code 03 01} (two raw
 *       bytes, no varint), as all implementations deploy them. RFC 0003's own names ({@code libp2p-routing-state}, {@code
 *       /libp2p/routing-state-record}), which rust still writes in places, are read, never written.
 *   <li>The signature is verified before the payload is looked at; the record's peer must be the signer
 *       (RUSTSEC-2022-0009).
 *   <li>A record with more than {@link io.reactivep2p.record.PeerRecord#MAX_ADDRESSES} addresses is refused before they are
 *       read (CVE-2023-40583); an address that is malformed is left out, and the record stays good.
 *   <li>Sequence numbers are unsigned and are only ever compared.
 * </ul>
 */
@NullMarked
package io.reactivep2p.record;

import org.jspecify.annotations.NullMarked;
