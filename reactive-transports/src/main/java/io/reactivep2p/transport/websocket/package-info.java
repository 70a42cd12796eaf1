/**
 * The WebSocket transport: a byte stream in binary frames, for browsers and for networks that let nothing but HTTP through. Begin at
 * {@link io.reactivep2p.transport.websocket.WebSocket}.
 *
 * <pre>{@code
 * Tcp tcp = Tcp.create();
 * RawTransport webSocket = WebSocket.create(spec -> spec.tcp(tcp).certificate(chain, key));
 * webSocket.listen(Multiaddr.of("/ip4/0.0.0.0/tcp/4001/ws"), acceptor)            // on TCP's own port, if tcp listens there
 * webSocket.dial(Multiaddr.of("/dns4/node.example/tcp/443/tls/ws"))               // Mono<RawConnection>
 * }</pre>
 *
 * <p>Specifications: <a href="https://www.rfc-editor.org/rfc/rfc6455">RFC 6455</a> over HTTP/1.1 (RFC 9112), and libp2p's <a
 * href="https://github.com/libp2p/specs/blob/7740c07/websockets/README.md">websockets</a> and <a
 * href="https://github.com/libp2p/specs/blob/7740c07/addressing/README.md">addressing</a> (revision 7740c07).
 *
 * <h2>Addresses</h2>
 *
 * <pre>
 *   .../tcp/P/ws                      no TLS
 *   .../tcp/P/tls/ws                  TLS, the certificate is for the name or IP before the port
 *   .../tcp/P/tls/sni/H/ws            TLS, the certificate is for H, and H is sent (SNI)
 *   .../tcp/P/wss                     old for /tls/ws: understood, not announced
 * </pre>
 *
 * Without {@code /tcp/P} the port is 80 or 443. TLS is that of the web: the listener has a certificate of an authority ({@link
 * io.reactivep2p.transport.websocket.WebSocketSpec#certificate}), the dialer checks it against the name. It proves nothing about a peer
 * id: Noise or libp2p's TLS comes inside, as over TCP.
 *
 * <h2>The opening handshake, and a frame</h2>
 *
 * <pre>
 *   dialer                                              listener
 *     GET / HTTP/1.1, Upgrade: websocket, key  ------&gt;    any path, any Origin; extensions and subprotocols are passed over
 *                                              &lt;------  101, proof that the key was read
 *     frames, masked                           ------&gt;
 *                                              &lt;------  frames, not masked
 *
 *    0         1                 2                    10
 *   +---------+-----------------+--------------------+-------------+---------
 *   | F RSV op| M  length 7 bit | 0, 16 or 64 bits   | key, if M   | payload
 *   +---------+-----------------+--------------------+-------------+---------
 * </pre>
 *
 * <h2>Who does what</h2>
 *
 * <pre>
 *   WebSocket             dials and listens, over {@link io.reactivep2p.transport.tcp.Tcp}
 *     UpgradeHandler      shell of the handshake, TLS first            WebSocketHandler   shell of the frames
 *       HttpHeadReader    bytes to a head                                FrameReader        bytes to frames
 *       ClientOpening     what to say, what to accept                    FrameWriter        bytes into frames
 *       ServerOpening                                                    Masking            of the dialer's frames
 * </pre>
 *
 * <h2>How it ends</h2>
 *
 * There is no half-closed WebSocket.
 *
 * <pre>
 *   what happens                                     what the remote end is told      what is seen above
 *   we close the channel                             close frame 1000                 the channel is inactive
 *   a close frame comes                              the same code                    the channel is inactive, after all data before it
 *   the TCP connection or TLS ends                   nothing                          the channel is inactive
 *   a rule of frames is broken                       1002; 1003 for text, 1009 for    ProtocolViolationException, then
 *                                                    more than {@code maxFrame}           the channel is inactive
 *   the handshake fails                              400, 405, 426 or 431; as dialer  a dial fails with TransportException, whose cause is
 *                                                    nothing                          a HandshakeException; a listener lives on
 * </pre>
 *
 * A close frame has 100 ms to leave (as go-libp2p), behind all data written before it; then the socket is closed without waiting for the
 * answer. The code that a remote end gives is not handed on: what runs above knows its own end.
 *
 * <h2>Backpressure</h2>
 *
 * Nothing is kept here: what is written goes on at once, so that the channel's writability is that of the socket, and the payload of a
 * frame goes up as it comes, whatever the frame's length. Reading stops with {@code autoRead}; no more than what was read by then goes up
 * or waits. Pings are answered one at a time: while a pong has not left, only the last ping is remembered.
 *
 * <h2>Bounds</h2>
 *
 * <ul>
 *   <li>TLS and HTTP together: 15 s (go-libp2p). The head: 16 KiB, 128 fields. At most 256 handshakes for a listening socket: one more
 *       closes the oldest.
 *   <li>A data frame received: 16 MiB, refused on its length; a control frame: 125 bytes. A data frame sent: 128 KiB, since others buffer
 *       a frame before they read it.
 * </ul>
 *
 * <h2>Choices and deviations</h2>
 *
 * <ul>
 *   <li>The frames and the one HTTP message are read here and not by Netty's codecs or reactor-netty's HTTP client and server. Netty's
 *       decoder waits for a whole frame before it hands it on, and its HTTP pipeline allocates a message and its headers; reactor-netty
 *       adds a {@code ChannelOperations} for each connection, see the package of TCP. What a libp2p listener needs of HTTP is one GET.
 *   <li>{@code permessage-deflate} is never agreed on: what comes is encrypted.
 *   <li>Text frames end the connection (as in rust-libp2p; go-libp2p reads them).
 *   <li>The dialer asks for {@code /}; {@code /http-path} is no part of an address here. Redirects are not followed.
 *   <li>The limit of a head is strict for its bytes: CR LF ends a line, no folding, no control characters, no space before a colon.
 *   <li>Names: a host resolves them before it dials, and the resolver keeps the name in {@code /tls/sni/H/ws}. A plain {@code /ws} then
 *       says the IP in {@code Host}, as with go-libp2p.
 *   <li>A client's certificate is not asked for, and a name in the ClientHello does not choose among certificates unless {@link
 *       io.reactivep2p.transport.websocket.WebSocketSpec#serverTls} is given a context that does.
 * </ul>
 */
@NullMarked
package io.reactivep2p.transport.websocket;

import org.jspecify.annotations.NullMarked;
