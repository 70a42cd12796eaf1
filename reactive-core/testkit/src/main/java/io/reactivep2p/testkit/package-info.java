/**
 * For testing code written with reactive-p2p, and the parts it is made of.
 *
 * <p><b>Contracts</b> are interfaces of tests: implement one in a test class, say what is to be tested, and it is held to what the
 * SPI's Javadoc promises: {@link io.reactivep2p.testkit.TransportContract}, {@link io.reactivep2p.testkit.SecureChannelContract},
 * {@link io.reactivep2p.testkit.MuxerContract}, {@link io.reactivep2p.testkit.StreamContract}.
 *
 * <p>{@link io.reactivep2p.testkit.HostExtension} makes hosts for a test, closes them after it, and fails it where it leaves streams,
 * timers, buffers or unheard errors behind.
 *
 * <p>{@link io.reactivep2p.testkit.MemoryDiscovery} lets those hosts find each other.
 *
 * <p>{@link io.reactivep2p.testkit.WirePair} is a connection without a network: delivery, chunks, damage and time are the test's.
 */
@NullMarked
package io.reactivep2p.testkit;

import org.jspecify.annotations.NullMarked;
