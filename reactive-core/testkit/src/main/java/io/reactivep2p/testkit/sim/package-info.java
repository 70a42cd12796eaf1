/**
 * A network that exists in memory only: hundreds to thousands of real hosts in one thread on virtual time. A scenario is a test, an hour of
 * it takes seconds, and the same seed gives the same trace.
 *
 * <pre>
 *   SimNetwork   executor and clock of everything, who may reach whom, seeded randomness
 *     Host       a real one: swarm, multistream-select, identify, and the services of the test
 *       SimTransport   enters where QUIC does, at MuxedConnection: no bytes are encrypted
 *         SimConnection --- SimLink: latency, jitter, bandwidth --- SimConnection
 *           SimStream     credit follows demand, as everywhere
 * </pre>
 *
 * <p>What is simulated: the time a piece of data takes (latency, drawn for each link, and its place in the queue of the sender's bandwidth);
 * loss of whole pieces, as a peer with full queues loses messages; hosts that come and go; a network in parts. What is not: packets,
 * retransmission, congestion.
 *
 * <p>Everything must run on {@link io.reactivep2p.testkit.sim.SimNetwork#executor()}; a service that has a scheduler, a clock or
 * randomness of its own gets those of the network.
 */
@NullMarked
package io.reactivep2p.testkit.sim;

import org.jspecify.annotations.NullMarked;
