package io.reactivep2p.transport;

import io.netty.channel.Channel;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.multiformats.Multiaddr;

/**
 * A byte connection that is neither secured nor multiplexed: a channel whose pipeline the layers above extend, each adding its
 * handler last. Everything happens on the channel's event loop.
 *
 * @param channel active; {@code autoRead} is off until the first layer above has installed its handler and turns it on
 * @param localAddress without {@code /p2p/...}
 * @param remoteAddress without {@code /p2p/...}; of a dialed connection the address with the IP that was connected to
 */
public record RawConnection(Channel channel, Multiaddr localAddress, Multiaddr remoteAddress, Direction direction) {

    /** Closes the channel. Any thread. */
    public void close() {
        channel.close();
    }
}
