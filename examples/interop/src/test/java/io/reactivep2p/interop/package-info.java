/**
 * Our node against js-, go- and rust-libp2p, as separate processes over loopback: TCP, Noise, Yamux and what runs on them.
 *
 * <pre>
 *   XxxInteropIT  extends InteropFixture       one test, run for each Pairing: a PeerKind and who dials
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
