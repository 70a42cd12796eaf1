/**
 * The TCP transport.
 *
 * <pre>{@code
 * RawTransport tcp = Tcp.create(spec -> spec.connectTimeout(Duration.ofSeconds(2)));
 * tcp.listen(Multiaddr.of("/ip4/0.0.0.0/tcp/0"), acceptor)                  // Mono<Listener>
 * tcp.dial(Multiaddr.of("/dns4/node.example/tcp/4001"))                     // Mono<RawConnection>
 * }</pre>
 *
 * <p>It makes channels, and nothing else: there is no frame of its own on the wire. Addresses: {@code /ip4}, {@code /ip6} (a
 * link-local one with its {@code /ip6zone}), {@code /dns}, {@code /dns4}, {@code /dns6}, each with {@code /tcp/P}, and
 * {@code /dnsaddr}; see the <a href="https://github.com/libp2p/specs/blob/master/addressing/README.md">addressing
 * specification</a>.
 *
 * <pre>
 *   socket | handlers of TcpSpec.pipeline | layers above, each adding its own last
 * </pre>
 *
 * <h2>One port for TCP and WebSocket</h2>
 *
 * <p>A transport that is a layer over TCP, given the same {@link io.reactivep2p.transport.tcp.Tcp}, listens on its sockets:
 *
 * <pre>
 *                                                        first bytes      goes to the listener for
 *   /ip4/0.0.0.0/tcp/4001        )                       "GET "           /ws
 *   /ip4/0.0.0.0/tcp/4001/ws     )  one socket           16 03 ...        /tls/ws
 *   /ip4/0.0.0.0/tcp/4001/tls/ws )                       anything else    plain TCP
 *
 *   socket | handlers of TcpSpec.pipeline | FirstBytesHandler until they came | the layer's handlers | layers above
 * </pre>
 *
 * <ul>
 *   <li>While one kind only is listened for nobody waits for bytes, and what came of another kind fails at its handshake. A connection
 *       that none of the listeners wants is closed.
 *   <li>The remote side must speak first. libp2p's dialers do: the multistream-select header, or the nonce of a private network, which is
 *       random and passes for a WebSocket once in 4 billion times, for TLS once in 3 billion.
 *   <li>The first bytes may take 5 s, and at most 256 connections to a socket are waited for, those whose layer's handshake is under way
 *       included: one more closes the oldest.
 *   <li>Port 0 is the port of a listener for another kind that was itself asked for with 0 on the same IP, so that a host that listens on
 *       {@code /tcp/0} and {@code /tcp/0/ws} has one port.
 * </ul>
 *
 * <h2>Choices</h2>
 *
 * <ul>
 *   <li>Threads and native channels come from reactor-netty's loop resources, names from Netty's DNS resolver, but the bootstrap is
 *       plain Netty. reactor-netty's {@code TcpClient} and {@code TcpServer} make a {@code ChannelOperations} with its receive queue,
 *       sinks and attributes for each connection before a hook can take it out, pool or wrap the connection, and cancel by
 *       disposing of that object; a channel of ours has none of this, closes on cancel from any thread, and its pipeline is empty. An
 *       idle one costs 1.3 KiB of heap with epoll, 1.8 KiB with NIO (JDK 17, 1,000 connections, both ends counted).
 *   <li>Reading is off until the first layer has its handler in place. There is no half-open state below the muxer: the end of
 *       either direction closes the channel.
 *   <li>With epoll {@code /ip6/::} is for IPv6 only. With NIO the JDK opens it for IPv4 too, so the same port cannot be had for
 *       {@code /ip4/0.0.0.0}; those that come over IPv4 show as {@code /ip4} in either case.
 *   <li>A dial that the kernel connects to itself (a free local port) fails as if nobody were there.
 *   <li>Dial ranking and happy eyeballs are the swarm's: it resolves names first and dials concrete addresses.
 *   <li>Dials come from a port that is listened on, as in go- and rust-libp2p ({@link io.reactivep2p.transport.tcp.TcpSpec#portReuse}):
 *       what the remote side observes is then an address at which this host can be reached, and holes can be punched. A listener takes
 *       its port for itself alone, and shares it with dials only afterwards, so that two hosts cannot share one by mistake (with go they
 *       can). A second connection to the same address, one that was closed a moment ago, and one to our own listener need another
 *       port and get it. Only with epoll; with NIO and kqueue dials take any port. Two hosts that dial each other's listening port in
 *       the same moment may meet in one connection that both began; the handshake then fails on both sides, as it does in go.
 *   <li>Congestion control and fast open are the kernel's: the JDK cannot set them.
 * </ul>
 */
@NullMarked
package io.reactivep2p.transport.tcp;

import org.jspecify.annotations.NullMarked;
