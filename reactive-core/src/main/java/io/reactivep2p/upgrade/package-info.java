/**
 * From a raw connection to a muxed one. {@link io.reactivep2p.upgrade.ConnectionUpgrader} is the only class that lists the steps in
 * order; transports that bring security and streams of their own skip it.
 *
 * <pre>
 *   dialer                                                        listener
 *     | &lt;====================  private network  ===================&gt; |      Protector, where the host has one
 *     |                                                              |
 *     | /multistream/1.0.0  /noise  ------------------------------&gt; |      one write
 *     | &lt;------------------------------  /multistream/1.0.0  /noise |      one write
 *     |                                                              |
 *     | &lt;====================  security handshake  ================&gt; |      SecureChannel, proves both peers
 *     |                                                              |
 *     | /multistream/1.0.0  /yamux/1.0.0  --------------------------&gt; |     inside the secure channel; left out where
 *     | &lt;--------------------------  /multistream/1.0.0  /yamux/1.0.0 |     the handshake has agreed on the muxer
 *     |                                                              |
 *     | &lt;========================  streams  =======================&gt; |      StreamMuxer
 *
 *   pipeline   [negotiation]
 *              [noise]
 *              [noise] [negotiation]
 *              [noise] [yamux]        in a private network all of this stands behind its handler
 * </pre>
 *
 * Each layer adds its handler to the end of the pipeline in the turn in which the one below completes, a negotiation leaves the pipeline
 * then, and bytes that were read beyond its end are handed on: none is lost at a change of layers.
 *
 * <p>Specification: <a href="https://github.com/libp2p/specs/blob/master/connections/README.md">connections</a> (r1, 2022-12-07) and
 * <a href="https://github.com/libp2p/specs/blob/master/connections/inlined-muxer-negotiation.md">inlined muxer negotiation</a>.
 *
 * <p>Choices: one time limit for all steps together. The remote peer's identity is checked by the secure channel and again here; a
 * connection to ourselves is refused. In a private network, what cannot be read before the remote peer's first header fails the upgrade
 * with a {@code HandshakeException} that quotes none of it. Whatever fails, and cancellation, closes the channel.
 */
@NullMarked
package io.reactivep2p.upgrade;

import org.jspecify.annotations.NullMarked;
