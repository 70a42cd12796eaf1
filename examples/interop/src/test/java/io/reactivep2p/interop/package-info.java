/**
 * Our node against js-, go- and rust-libp2p, as separate processes over loopback: each {@link Road} and what runs on it.
 *
 * <pre>
 *   XxxInteropIT  extends InteropFixture       one test, run for each Pairing: a Road, a PeerKind, who dials
 *        |                    |
 *     OurNode               Peer               the two ends of one connection
 *    Host + TestProtocols   process + lines    EventLog on both: what happened, and waiting for it
 * </pre>
 *
 * <p>The lines and the protocols below {@code /interop/} are described in {@code peers/README.md}.
 */
@NullMarked
package io.reactivep2p.interop;

import org.jspecify.annotations.NullMarked;
