/**
 * The SPI of transports: how a byte connection to an address is made and accepted.
 *
 * <p>A {@link io.reactivep2p.transport.RawConnection} is a Netty channel with its two addresses. Reading is off when it is handed
 * over; each layer adds its handler to the end of the pipeline in the same turn of the event loop in which the layer below
 * completes, so no byte meets a pipeline without its reader. The channel is active by then: a handler begins in
 * {@code handlerAdded}, and gets no {@code channelActive}.
 *
 * <p>{@link io.reactivep2p.transport.AddressResolver} is asked before: it turns names into addresses that transports dial.
 * {@link io.reactivep2p.transport.ChannelBootstrap} is for transports on Netty's stream channels. A transport in a module of its own
 * announces itself by a {@link io.reactivep2p.transport.TransportProvider}.
 */
@NullMarked
package io.reactivep2p.transport;

import org.jspecify.annotations.NullMarked;
