/**
 * Networks of real gossipsub nodes on virtual time, whole, lossy, in parts, and under attack. The same seed gives the same run; {@code
 * -Dsimulation.seed} sets another.
 *
 * <pre>
 *   Scenario      honest nodes (SimNode) of one topic      Deliveries        which message reached whom, when
 *   Attack        hostile nodes (HostileNode) together     Defence           options of honest nodes, and what of them is off
 *   Simulations   seed and report of a test class          SimulationReport  table and plot in target/simulation
 * </pre>
 *
 * <p>What is proved of attacks, each of which happens to the same network with its defence and without it: with it at least 99 % are
 * delivered, and delivered within a second; without it the attack gets what it is after, so the first says something about the defence.
 *
 * <pre>
 *   attack                                     defence               without it
 *   eclipse of a node and its friends          scores, D_out         most is late, some is lost, its mesh is all attackers
 *   displacement of the peers a node dialed    D_out                 the same
 *   silenced publisher                         flood publishing      most of what it says is late
 *   sybils of one address                      scores (P6)           most is late, nearly all places in meshes are theirs
 *   free riders of many addresses              expected deliveries   much is late, most places are theirs
 *                                              (P3)
 *   GRAFT flood                                penalties (P7)        every GRAFT is answered, for as long as they come
 *   invented IHAVE                             promises (P7)         every one is asked for, for as long as they come
 *   burst of them before promises are broken   10 IHAVE a heartbeat  every one is asked for
 *   IWANT flood                                3 transmissions       every one is answered
 * </pre>
 *
 * <p>That messages arrive at all proves little: gossip brings nearly all of them though every mesh be lost, in seconds. Hence the second.
 */
@NullMarked
package io.reactivep2p.pubsub.simulation;

import org.jspecify.annotations.NullMarked;
