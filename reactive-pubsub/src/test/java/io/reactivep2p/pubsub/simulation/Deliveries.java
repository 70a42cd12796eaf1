package io.reactivep2p.pubsub.simulation;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.PubsubMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which message reached whom, when, and over how many hops. */
final class Deliveries {

    /** One message's way. */
    private static final class Way {
        final PeerId publisher;
        final long publishedNanos;
        final Map<PeerId, Integer> hops = new HashMap<>();
        final Map<PeerId, Long> latencyNanos = new HashMap<>();

        Way(PeerId publisher, long nowNanos) {
            this.publisher = publisher;
            this.publishedNanos = nowNanos;
            hops.put(publisher, 0);
        }
    }

    private final Map<MessageId, Way> ways = new LinkedHashMap<>();

    /** A subscriber got a message; the publisher's own subscriber gets it first. What was published before {@link #clear} is of no interest. */
    void onMessage(PeerId at, PubsubMessage<byte[]> message, long nowNanos) {
        if (message.receivedFrom().equals(at)) {
            ways.put(message.id(), new Way(at, nowNanos));
            return;
        }
        Way way = ways.get(message.id());
        if (way == null) {
            return;
        }
        Integer before = way.hops.get(message.receivedFrom());
        way.hops.putIfAbsent(at, before == null ? 1 : before + 1); // from one that is not watched: an attacker
        way.latencyNanos.putIfAbsent(at, nowNanos - way.publishedNanos);
    }

    /** What came to {@code subscribers}, as if nobody else had been there. */
    Deliveries at(Collection<PeerId> subscribers) {
        Set<PeerId> those = new HashSet<>(subscribers);
        Deliveries some = new Deliveries();
        ways.forEach((id, way) -> {
            Way part = new Way(way.publisher, way.publishedNanos);
            part.hops.putAll(way.hops);
            part.latencyNanos.putAll(way.latencyNanos);
            part.hops.entrySet().removeIf(hop -> hop.getValue() > 0 && !those.contains(hop.getKey()));
            part.latencyNanos.keySet().retainAll(those);
            some.ways.put(id, part);
        });
        return some;
    }

    int messages() {
        return ways.size();
    }

    /** The part of all deliveries of messages to {@code subscribers} that happened; the publisher's own do not count. */
    double coverage(Collection<PeerId> subscribers) {
        return coverage(subscribers, Duration.ofNanos(Long.MAX_VALUE));
    }

    /** The part that happened so soon after publication. */
    double coverage(Collection<PeerId> subscribers, Duration within) {
        long wanted = 0;
        long happened = 0;
        for (Way way : ways.values()) {
            for (PeerId subscriber : subscribers) {
                Integer hops = way.hops.get(subscriber);
                if (hops == null || hops > 0) {
                    wanted++;
                    long latency = way.latencyNanos.getOrDefault(subscriber, Long.MAX_VALUE);
                    happened += hops != null && latency <= within.toNanos() ? 1 : 0;
                }
            }
        }
        return wanted == 0 ? 1 : (double) happened / wanted;
    }

    int hopsAt(double quantile) {
        List<Integer> all = new ArrayList<>();
        ways.values()
                .forEach(way ->
                        way.hops.values().stream().filter(hops -> hops > 0).forEach(all::add));
        Collections.sort(all);
        return all.isEmpty() ? 0 : all.get(index(quantile, all.size()));
    }

    Duration latencyAt(double quantile) {
        List<Long> all = latencies();
        return Duration.ofNanos(all.isEmpty() ? 0 : all.get(index(quantile, all.size())));
    }

    /** In ascending order. */
    List<Long> latencies() {
        List<Long> all = new ArrayList<>();
        ways.values().forEach(way -> all.addAll(way.latencyNanos.values()));
        Collections.sort(all);
        return all;
    }

    void clear() {
        ways.clear();
    }

    private static int index(double quantile, int size) {
        return Math.min(size - 1, (int) (quantile * size));
    }
}
