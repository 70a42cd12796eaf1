/**
 * The SPI of stream muxers. A {@link io.reactivep2p.muxer.MuxedConnection} opens and accepts {@link io.reactivep2p.muxer.MuxedStream}s;
 * a {@link io.reactivep2p.muxer.StreamMuxer} makes one of a secured byte connection, a {@link io.reactivep2p.muxer.MuxedTransport}
 * makes one by itself. Streams pass buffers on one event loop; Reactor begins above them.
 */
@NullMarked
package io.reactivep2p.muxer;

import org.jspecify.annotations.NullMarked;
