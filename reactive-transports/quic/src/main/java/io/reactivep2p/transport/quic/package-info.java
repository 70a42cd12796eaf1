/**
 * The QUIC transport: version 1, {@code /quic-v1}. Begin at {@link io.reactivep2p.transport.quic.Quic}.
 *
 * <p>Specifications: <a href="https://www.rfc-editor.org/rfc/rfc9000">RFC 9000</a> and <a
 * href="https://www.rfc-editor.org/rfc/rfc9001">9001</a>; <a
 * href="https://github.com/libp2p/specs/blob/7740c07/quic/README.md">libp2p/specs quic/README.md</a> and <a
 * href="https://github.com/libp2p/specs/blob/7740c07/tls/tls.md">tls/tls.md</a> (revision 7740c07). Packets, loss and congestion are
 * Netty's codec, which is quiche.
 *
 * <h2>What libp2p makes of QUIC</h2>
 *
 * <pre>
 *   handshake      TLS 1.3 inside, ALPN "libp2p", a certificate that proves a host key on both sides; no multistream, no muxer
 *   stream         a bidirectional stream, which begins with multistream-select; unidirectional ones are not allowed
 *   closeWrite     FIN                              closeRead    STOP_SENDING 0
 *   reset(code)    RESET_STREAM code                close(code)  CONNECTION_CLOSE of the application, code
 * </pre>
 *
 * <h2>Who does what</h2>
 *
 * <pre>
 *   {@link io.reactivep2p.transport.quic.Quic}               SocketTable        which socket a dial leaves from
 *     QuicSocket       one bound socket, one event loop, all connections on it
 *       DatagramRouter   whose a datagram is (QuicPacket)        HandshakeGate, AddressToken, ResetTokens   who may begin
 *       QuicHandler      one connection                          PeerProof          what its certificate proved
 *         StreamTable      its streams, and what is left of them
 *         QuicStream       one stream: ReadAhead, StreamOutput   QuicStreamHandler  its channel
 * </pre>
 *
 * <h2>Choices and deviations</h2>
 *
 * <ul>
 *   <li>Credit follows demand: quiche gives credit for what is read, so a stream is read no further than 64 KiB ahead of its listener.
 *       What arrives beyond that waits in quiche, within the window. Windows begin with 32 KiB and grow with use; a connection's is one and
 *       a half times its widest stream's, as in go, so two stalled streams can hold up a connection that has used up its first 16 MiB.
 *   <li>A reset is read like data: one that arrives while the listener holds 64 KiB is told when it has consumed some of it.
 *   <li>The read side of a stream that nobody reads is drained for 64 KiB or two intervals before the peer is told to stop; most peers
 *       are about to end it. quiche keeps streams that were stopped, so after many of them the connection is closed.
 *   <li>quiche forgets a stream whose bytes are all acknowledged and whose peer has ended, even if our own end was not sent, or was lost
 *       (<a href="https://github.com/cloudflare/quiche/issues/2525">issue 2525</a>). So an end goes with the last bytes where it can, and
 *       else leaves at the end of a turn, at once. If the packet that has nothing but it is lost, the peer does not hear of it.
 *   <li>A dial is done when the server has sent something behind its handshake: before that it may still refuse our certificate.
 *   <li>Error codes of 2^31 and more are sent as 0, and STOP_SENDING arrives without its code: Netty has no more.
 *   <li>Signs of life are QUIC datagrams of one byte, to peers that take any; Netty has no PING. Others keep the connection alive
 *       themselves.
 *   <li>All connections of a socket share its event loop. With epoll packets go to and come from the kernel many at once (GSO, GRO),
 *       without which a stream has a fourth of the rate.
 *   <li>Handshakes under way are bounded. Beyond a few, clients prove their address first (Retry); tokens are ours, and cost no memory.
 *       Sessions are never resumed, and 0-RTT is off.
 *   <li>A connection that ends is forgotten at once; a goodbye that is lost is not repeated, and no stateless reset is sent.
 * </ul>
 */
@NullMarked
package io.reactivep2p.transport.quic;

import org.jspecify.annotations.NullMarked;
