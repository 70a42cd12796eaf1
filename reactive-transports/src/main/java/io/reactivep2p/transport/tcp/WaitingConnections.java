package io.reactivep2p.transport.tcp;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Accepted connections that are not handed over yet: their first bytes or a handshake are awaited. One more than {@value #MAX} closes the
 * oldest, which had the most time; those that say nothing do not keep others out. Thread-safe.
 */
final class WaitingConnections {

    /** Per socket. Ours; go-libp2p reads the first bytes of 64 at a time and lets the others wait. */
    static final int MAX = 256;

    private final Set<Channel> waiting = new LinkedHashSet<>();

    void add(Channel channel) {
        Channel oldest = enter(channel);
        if (oldest != null) {
            oldest.close();
        }
        channel.closeFuture().addListener(closed -> remove(channel));
    }

    private synchronized @Nullable Channel enter(Channel channel) {
        Channel oldest = null;
        if (waiting.size() == MAX) {
            Iterator<Channel> inOrder = waiting.iterator();
            oldest = inOrder.next();
            inOrder.remove();
        }
        waiting.add(channel);
        return oldest;
    }

    synchronized void remove(Channel channel) {
        waiting.remove(channel);
    }

    void closeAll() {
        List<Channel> all;
        synchronized (this) {
            all = new ArrayList<>(waiting);
        }
        all.forEach(Channel::close);
    }
}
