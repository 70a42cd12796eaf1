package io.reactivep2p.pubsub.router;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a topic is advertised, when peers of it are searched for, and which of those found are dialed.
 *
 * <p>A topic that is joined is advertised at once, again before its time ends, and again a while after a failure. One that is joined, or was
 * published to not long ago, is searched for while the router has too few peers for it, less often the longer that lasts.
 *
 * <p>What a discovery says is not trusted: an advertisement and a search end here when their time is over, a search also after so many
 * peers, whatever the discovery does.
 */
@SansIo
final class TopicDiscoveryState {

    /** Topics that were only published to; more are not searched for. A choice of ours. */
    static final int MAX_PUBLISHED = 256;

    /** How long such a topic is searched for after the last publication: as long as gossipsub remembers whom to send them to. */
    static final Duration PUBLISHED_TIME = Duration.ofSeconds(60);

    /** For how long to be found. What go-libp2p's routing discovery advertises for; the rendezvous specification takes 2 h to 72 h. */
    static final Duration TTL = Duration.ofHours(3);

    /** go-libp2p's routing discovery. */
    static final Duration ADVERTISE_TIMEOUT = Duration.ofMinutes(1);

    /** However short the time that was granted, an advertisement is not renewed sooner. A choice of ours. */
    static final Duration MIN_RENEWAL = Duration.ofSeconds(10);

    /** After an advertisement that failed. A choice of ours: what fails at first mostly lacks its first peers. */
    static final Duration FIRST_RETRY = Duration.ofSeconds(10);

    /** go-libp2p-pubsub, which always waits so long. */
    static final Duration MAX_RETRY = Duration.ofMinutes(2);

    /** go-libp2p-pubsub. */
    static final Duration SEARCH_TIMEOUT = Duration.ofSeconds(10);

    /** Between the end of a search and the next one (go-libp2p-pubsub). */
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /** A choice of ours: a network may well have fewer peers than the router would like. */
    static final Duration MAX_PAUSE = Duration.ofMinutes(1);

    /** Peers looked at in one search (go-libp2p's routing discovery). */
    static final int MAX_FOUND = 100;

    /** Peers dialed for one search, which then ends: more than any mesh needs. A choice of ours. */
    static final int MAX_DIALS = 16;

    /** Addresses taken of one peer. A choice of ours, well above what a node has. */
    static final int MAX_ADDRESSES = 64;

    private final PeerId self;
    private final Predicate<String> hasEnough;
    private final RandomGenerator random;
    private final RedialTable redials;

    /** As many as the application likes. */
    private final Set<String> joined = new LinkedHashSet<>();

    /** Those that are not joined, with the time of the last publication. At most {@link #MAX_PUBLISHED}. */
    private final Map<String, Long> published = new LinkedHashMap<>();

    /** Of topics that are joined. */
    private final ErrandTable advertisements;

    /** For topics that are joined or published to. */
    private final ErrandTable searches;

    /** Of the searches under way. */
    private final Map<String, Harvest> harvests = new HashMap<>();

    /** Drained after each call, which adds a few for each topic. */
    private final Queue<Output> outputs = new ArrayDeque<>();

    /** What is to be done. */
    sealed interface Output {

        /** Advertise the topic; ends with {@link #onAdvertised} or {@link #onAdvertiseFailed}. */
        record Advertise(String topic) implements Output {}

        /** Give up advertising it; of this one nothing is told any more. */
        record StopAdvertising(String topic) implements Output {}

        /** Search for its peers; ends with {@link #onSearchEnded}. */
        record Search(String topic) implements Output {}

        /** Give up searching; of this one nothing is told any more. */
        record StopSearch(String topic) implements Output {}

        /** Dial a peer that was found. */
        record Dial(PeerInfo peer) implements Output {}
    }

    /** What came of a search so far. */
    private static final class Harvest {
        int found;
        int dialed;
    }

    /** @param hasEnough whether the router has enough peers for a topic, as of now */
    TopicDiscoveryState(PeerId self, Predicate<String> hasEnough, RandomGenerator random) {
        this.self = self;
        this.hasEnough = hasEnough;
        this.random = random;
        this.redials = new RedialTable(random);
        this.advertisements = new ErrandTable(ADVERTISE_TIMEOUT, new GrowingPause(FIRST_RETRY, MAX_RETRY, random));
        this.searches = new ErrandTable(SEARCH_TIMEOUT, new GrowingPause(FIRST_PAUSE, MAX_PAUSE, random));
    }

    /** The name that a topic is advertised under (go-libp2p-pubsub, whichever the router). */
    static String namespace(String topic) {
        return "floodsub:" + topic;
    }

    /** Whether there is no topic: {@link #onTick} has nothing to do. */
    boolean isIdle() {
        return joined.isEmpty() && published.isEmpty();
    }

    // ---- topics

    void onJoined(String topic, long nowNanos) {
        published.remove(topic);
        if (joined.add(topic)) {
            advertisements.add(topic, nowNanos);
            searches.add(topic, nowNanos);
            // It may have been published to before, and be in a pause.
            searches.rest(topic, nowNanos);
            begin(nowNanos);
        }
    }

    void onLeft(String topic, long nowNanos) {
        if (joined.remove(topic)) {
            if (advertisements.remove(topic)) {
                outputs.add(new Output.StopAdvertising(topic));
            }
            forgetSearch(topic);
            begin(nowNanos);
        }
    }

    /** This node published to a topic, which it may not have joined. */
    void onPublished(String topic, long nowNanos) {
        if (joined.contains(topic)) {
            return;
        }
        if (published.containsKey(topic)) {
            published.put(topic, nowNanos);
        } else if (published.size() < MAX_PUBLISHED && !hasEnough.test(topic)) {
            published.put(topic, nowNanos);
            searches.add(topic, nowNanos);
            begin(nowNanos);
        }
    }

    // ---- what came of it

    /** @param granted what the discovery said; it may say anything */
    void onAdvertised(String topic, Duration granted, long nowNanos) {
        if (granted.isNegative() || granted.isZero()) {
            onAdvertiseFailed(topic, nowNanos);
            return;
        }
        long ttl = granted.compareTo(TTL) < 0 ? granted.toNanos() : TTL.toNanos();
        // From three quarters to seven eighths of it, so that those who began together do not all come together again.
        long renewal = ttl / 4 * 3 + random.nextLong(ttl / 8 + 1);
        advertisements.succeeded(topic, nowNanos + Math.max(renewal, MIN_RENEWAL.toNanos()));
        begin(nowNanos);
    }

    void onAdvertiseFailed(String topic, long nowNanos) {
        advertisements.failed(topic, nowNanos);
        begin(nowNanos);
    }

    /** @param isConnected whether we are connected to it already */
    void onFound(String topic, PeerInfo peer, boolean isConnected, long nowNanos) {
        Harvest harvest = harvests.get(topic);
        if (harvest == null) {
            return;
        }
        harvest.found++;
        if (!isConnected && !peer.id().equals(self) && redials.begin(peer.id(), nowNanos)) {
            harvest.dialed++;
            List<Multiaddr> addresses = peer.addresses();
            outputs.add(new Output.Dial(
                    new PeerInfo(peer.id(), addresses.subList(0, Math.min(addresses.size(), MAX_ADDRESSES)))));
        }
        if (harvest.found >= MAX_FOUND || harvest.dialed >= MAX_DIALS) {
            outputs.add(new Output.StopSearch(topic));
            onSearchEnded(topic, nowNanos);
        }
    }

    /** It completed or failed. */
    void onSearchEnded(String topic, long nowNanos) {
        // Whether it helped shows when those dialed are there; until then it did not.
        searches.failed(topic, nowNanos);
        harvests.remove(topic);
        begin(nowNanos);
    }

    /** To be called about once a second while not {@link #isIdle()}. */
    void onTick(long nowNanos) {
        published.entrySet().removeIf(each -> {
            boolean over = nowNanos - each.getValue() > PUBLISHED_TIME.toNanos();
            if (over) {
                forgetSearch(each.getKey());
            }
            return over;
        });
        for (String topic : advertisements.overdue(nowNanos)) {
            outputs.add(new Output.StopAdvertising(topic));
            advertisements.failed(topic, nowNanos);
        }
        for (String topic : searches.overdue(nowNanos)) {
            outputs.add(new Output.StopSearch(topic));
            searches.failed(topic, nowNanos);
            harvests.remove(topic);
        }
        joined.forEach(topic -> restIfEnough(topic, nowNanos));
        published.keySet().forEach(topic -> restIfEnough(topic, nowNanos));
        begin(nowNanos);
    }

    /** The next thing to be done, {@code null} when there is nothing more. */
    @Nullable
    Output pollOutput() {
        return outputs.poll();
    }

    private void restIfEnough(String topic, long nowNanos) {
        if (!searches.isUnderWay(topic) && hasEnough.test(topic)) {
            searches.rest(topic, nowNanos);
        }
    }

    private void forgetSearch(String topic) {
        if (searches.remove(topic)) {
            harvests.remove(topic);
            outputs.add(new Output.StopSearch(topic));
        }
    }

    private void begin(long nowNanos) {
        for (String topic : advertisements.begin(any -> true, nowNanos)) {
            outputs.add(new Output.Advertise(topic));
        }
        for (String topic : searches.begin(each -> !hasEnough.test(each), nowNanos)) {
            harvests.put(topic, new Harvest());
            outputs.add(new Output.Search(topic));
        }
    }
}
