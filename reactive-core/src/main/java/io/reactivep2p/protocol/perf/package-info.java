/**
 * Perf ({@code /perf/1.0.0}): how fast bytes go up, come down, and come back.
 *
 * <p>Specification: libp2p/specs {@code perf/perf.md} at 7740c07.
 *
 * <pre>
 *   client                                                  server
 *     | 8 bytes, big-endian: how many to send back  --->      |
 *     | any number of bytes, then the end           --->      |   counts, and sends nothing before the end
 *     |      <---  the bytes asked for, then the end          |
 * </pre>
 *
 * <p>Off unless it is added: a server sends as much as it is asked to. An asked-for figure is an unsigned 64-bit number.
 */
@NullMarked
package io.reactivep2p.protocol.perf;

import org.jspecify.annotations.NullMarked;
