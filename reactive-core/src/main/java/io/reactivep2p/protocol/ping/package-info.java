/**
 * Ping ({@code /ipfs/ping/1.0.0}): 32 random bytes there and back.
 *
 * <p>Specification: libp2p/specs {@code ping/ping.md} at 7740c07.
 *
 * <pre>
 *   opener                     responder
 *     | 32 random bytes  --->     |
 *     |     <---  the same bytes  |        again and again on one stream, until the opener closes its write side
 * </pre>
 *
 * <p>A responder accepts two streams on a connection; an opener keeps to one. The time counts from the write of the first byte to the
 * read of the last one.
 */
@NullMarked
package io.reactivep2p.protocol.ping;

import org.jspecify.annotations.NullMarked;
