package io.reactivep2p.pubsub.router;

import io.reactivep2p.host.Host;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peerstore.Peerstore;
import io.reactivep2p.record.MalformedRecordException;
import io.reactivep2p.record.PeerRecord;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Dials the peers that others told the router of, or that a discovery found, some at a time. Who tells lies gains nothing: a signed record
 * must be the peer's own, and addresses are forgotten soon. Only touched in the serial section.
 */
final class PeerDialer {

    /** go-libp2p-pubsub: 8 at a time, 128 waiting, 30 s each. */
    static final int MAX_DIALS = 8;

    static final int MAX_WAITING = 128;
    static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(PeerDialer.class);

    private final Host host;
    private final SerialSection section;
    private final Scheduler timer;
    private final Set<PeerId> waiting = new LinkedHashSet<>();
    private final Map<PeerId, Disposable> dialing = new LinkedHashMap<>();
    private boolean closed;

    PeerDialer(Host host, SerialSection section, Scheduler timer) {
        this.host = host;
        this.section = section;
        this.timer = timer;
    }

    /**
     * Dials {@code peer} when its turn comes.
     *
     * @param signedRecord empty where there is none: what is known already must do
     */
    void dial(PeerId peer, byte[] signedRecord) {
        if (!isWanted(peer)) {
            return;
        }
        List<Multiaddr> addresses = addresses(peer, signedRecord);
        if (signedRecord.length == 0 || !addresses.isEmpty()) {
            dial(peer, addresses);
        }
    }

    /**
     * Dials {@code peer} when its turn comes.
     *
     * @param addresses where somebody says it is; empty where nobody does: what is known already must do
     */
    void dial(PeerId peer, List<Multiaddr> addresses) {
        if (isWanted(peer)) {
            host.peerstore().addAddresses(peer, addresses, Peerstore.TEMPORARY_TTL);
            waiting.add(peer);
            next();
        }
    }

    private boolean isWanted(PeerId peer) {
        return !closed
                && !peer.equals(host.id())
                && !dialing.containsKey(peer)
                && waiting.size() < MAX_WAITING
                && host.connections(peer).isEmpty();
    }

    private static List<Multiaddr> addresses(PeerId peer, byte[] signedRecord) {
        if (signedRecord.length == 0) {
            return List.of();
        }
        try {
            PeerRecord opened = PeerRecord.open(signedRecord);
            return opened.peer().equals(peer) ? opened.addresses() : List.of();
        } catch (MalformedRecordException untrue) {
            LOG.debug("not dialed: the signed record of {} is not its own", peer, untrue);
            return List.of();
        }
    }

    private void next() {
        while (!closed && dialing.size() < MAX_DIALS && !waiting.isEmpty()) {
            PeerId peer = waiting.iterator().next();
            waiting.remove(peer);
            Disposable.Swap dial = Disposables.swap();
            dialing.put(peer, dial);
            dial.update(host.dial(peer)
                    .timeout(TIMEOUT, timer)
                    .subscribe(
                            connection -> section.execute(() -> ended(peer)),
                            cause -> {
                                LOG.debug("could not dial {}", peer, cause);
                                section.execute(() -> ended(peer));
                            },
                            () -> section.execute(() -> ended(peer))));
        }
    }

    private void ended(PeerId peer) {
        if (dialing.remove(peer) != null) {
            next();
        }
    }

    void close() {
        closed = true;
        waiting.clear();
        dialing.values().forEach(Disposable::dispose);
        dialing.clear();
    }
}
