/**
 * The in-process transport: byte connections between hosts of one JVM, for tests and simulations.
 *
 * <pre>{@code
 * RawTransport memory = Memory.create();
 * memory.listen(Multiaddr.of("/memory/0"), acceptor)          // Mono<Listener>, its address() is /memory/N
 * memory.dial(Multiaddr.of("/memory/7"))                      // Mono<RawConnection>
 * }</pre>
 *
 * <p>Addresses are {@code /memory/N}, {@code N} an unsigned 64-bit number, known in the whole JVM; {@code /memory/0} listens on a free
 * one. A dialer's own address is a free one, too.
 *
 * <p>It stands on Netty's local channel and makes it behave like a socket where it does not:
 *
 * <ul>
 *   <li>a local channel hands the sender's buffer to the receiver; here the bytes are copied, so neither side sees what the other
 *       does to its memory;
 *   <li>a local channel takes whatever is written, however slow the reader is; here bytes that the remote end has not read count
 *       against {@code isWritable()}, with the channel's write-buffer watermarks as the marks;
 *   <li>a local channel whose dialer gave up while it was being accepted stays open; here it closes.
 * </ul>
 *
 * <p>Unlike TCP it keeps the boundaries of writes: one write is one read.
 */
@NullMarked
package io.reactivep2p.transport.memory;

import org.jspecify.annotations.NullMarked;
