/**
 * Our node in libp2p's public interoperability suites (<a href="https://github.com/libp2p/unified-testing">unified-testing</a>, commit
 * 7a7e8ae6, and the older form of its transport suite).
 *
 * <p>The harness starts two containers, tells each by environment variables what to do, and gives them a Redis server to meet at:
 *
 * <pre>
 *   listener                          Redis                             dialer
 *     |  listen, any port               |                                 |
 *     |-- RPUSH KEY address -----------&gt;|&lt;---------------- BLPOP KEY -----|    transport suite
 *     |-- SET KEY address -------------&gt;|&lt;---------------- GET KEY -------|    perf suite
 *     |&lt;======================= dial, ping or perf =======================|
 *     |  until it is killed                     prints its figures, ends  |
 * </pre>
 *
 * <p>stdout of a dialer is YAML with fixed keys (JSON in the older form); everything else goes to stderr.
 *
 * <p>Choices: a transport suite listener deletes its key first, since a value of an earlier run would refuse the list. Of the addresses
 * of a host the first outside of loopback is published. {@code /perf/1.0.0} is spoken as its specification has it, with a header of 8
 * bytes, as js, nim and python do; the programs of rust and dotnet in that suite have a header of 16 bytes, so the cells between us and
 * them cannot work. {@code DURATION} means nothing in the suite. Of the transports that the suites name, webtransport, webrtc-direct and
 * webrtc are missing here.
 */
@NullMarked
package io.reactivep2p.interop.suite;

import org.jspecify.annotations.NullMarked;
