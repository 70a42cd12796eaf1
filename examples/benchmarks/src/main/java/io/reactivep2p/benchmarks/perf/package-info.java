/**
 * The perf runner: whole hosts over loopback TCP, both ends in one JVM, measured against the bars that the project has set itself.
 *
 * <p>{@code PerfCommand} reads the arguments, {@code PerfRunner} opens each {@code PerfRow}, warms it up and runs it some times, and a
 * {@code Report} prints the medians. What must be alone in its JVM runs as a {@code ChildTask}.
 *
 * <p>The rows {@code bare} and {@code bare-quic} have no bar. They say what the machine gives to a cipher and a socket alone, and to QUIC
 * handshakes without anything after them, to be read beside the other rows: bars are for one machine, and others are slower or faster.
 */
@NullMarked
package io.reactivep2p.benchmarks.perf;

import org.jspecify.annotations.NullMarked;
