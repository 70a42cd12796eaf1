/**
 * What transports on real sockets share: event loops, the two forms of an address, names.
 *
 * <ul>
 *   <li>{@link io.reactivep2p.transport.netty.EventLoops}: reactor-netty's loop resources, epoll or kqueue when present, io_uring only
 *       when asked for.
 *   <li>{@link io.reactivep2p.transport.netty.InetEndpoint}: multiaddr to and from a socket's address.
 *   <li>{@link io.reactivep2p.transport.netty.DnsAddressResolver}: names to concrete addresses.
 * </ul>
 *
 * <h2>Names</h2>
 *
 * <p><a href="https://github.com/multiformats/multiaddr/blob/master/protocols/DNSADDR.md">dnsaddr</a> and the libp2p addressing
 * specification:
 *
 * <pre>
 *   /dns4/H/R...        A of H                       /ip4/A/R...          once for each
 *   /dns6/H/R...        AAAA of H                    /ip6/A/R...
 *   /dns/H/R...         both, at once                IPv6 first
 *   /dnsaddr/H/R...     TXT of _dnsaddr.H            each address X of a record "dnsaddr=X" that ends with R...,
 *                                                    resolved in turn if it has a name itself
 * </pre>
 *
 * <p>A first name server that does not answer is followed by the next. The hosts file is honoured for IPs, and {@code localhost} is
 * never asked for. An answer too long for a datagram is fetched over TCP. Bounds: 4 {@code dnsaddr} in a chain and 100 addresses (as
 * go-libp2p), 64 lookups, 10 s in all; a record that leads back to an address already asked ends there.
 */
@NullMarked
package io.reactivep2p.transport.netty;

import org.jspecify.annotations.NullMarked;
