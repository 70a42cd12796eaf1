package io.reactivep2p.transport.quic;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;

/** Which of its addresses a socket that is bound to all of them uses towards a peer. */
final class SourceAddress {

    private SourceAddress() {}

    /** Asks the kernel's routing table; nothing is sent. {@code local} itself where it has an address or none is found. */
    static InetSocketAddress of(InetSocketAddress local, InetSocketAddress remote) {
        if (!local.getAddress().isAnyLocalAddress()) {
            return local;
        }
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.connect(remote);
            InetAddress source = ((InetSocketAddress) probe.getLocalAddress()).getAddress();
            return new InetSocketAddress(source, local.getPort());
        } catch (IOException | RuntimeException e) {
            return local;
        }
    }
}
