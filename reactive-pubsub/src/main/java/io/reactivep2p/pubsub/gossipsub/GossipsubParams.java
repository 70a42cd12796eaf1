package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.pubsub.gossipsub.score.ScoreParams;
import io.reactivep2p.pubsub.gossipsub.score.ScoreThresholds;
import io.reactivep2p.pubsub.wire.Control;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What can be set about gossipsub; built through {@link GossipsubSpec}, which describes each value. The defaults are go-libp2p-pubsub's
 * where not said otherwise.
 *
 * @param directPeers peers that are always forwarded to, kept connected, and never in a mesh
 * @param peerExchange whether peers that are pruned are told of others
 * @param floodPublish whether this node's own messages go to all peers of the topic, not to its mesh only
 * @param score what the behaviour of peers weighs; {@link ScoreParams#OFF} for nothing
 * @param applicationScore P5
 * @param testExtension whether the extension for tests (1.3) is supported
 */
record GossipsubParams(
        Degrees degrees,
        Times times,
        Gossip gossip,
        List<PeerInfo> directPeers,
        boolean peerExchange,
        boolean floodPublish,
        ScoreParams score,
        ScoreThresholds thresholds,
        ToDoubleFunction<PeerId> applicationScore,
        Partial partial,
        boolean testExtension) {

    /** Where scores have no meaning: each is 0, and that is enough for everything. */
    static final ScoreThresholds NO_THRESHOLDS = new ScoreThresholds(0, 0, 0, 0, 0);

    /** The most peers told of in a PRUNE, and dialed for one. */
    static final int EXCHANGED_PEERS = 16;

    static final GossipsubParams DEFAULTS = new GossipsubSpec().params();

    /** What this node supports of gossipsub 1.3. */
    Control.Extensions extensions() {
        return new Control.Extensions(partial.application() != PartialMessages.NONE, testExtension);
    }

    GossipsubParams {
        directPeers = List.copyOf(directPeers);
    }

    /**
     * How many peers a mesh has.
     *
     * @param target D, what it is filled or cut to
     * @param low below it, it is filled
     * @param high from it on it is cut, and only outbound peers get in
     * @param best how many are kept for their score when it is cut
     * @param outbound how many at least are peers that we dialed
     */
    record Degrees(int target, int low, int high, int best, int outbound) {

        static final Degrees DEFAULTS = new Degrees(6, 5, 12, 4, 2);

        Degrees {
            if (low < 0 || low > target || target > high) {
                throw new IllegalArgumentException("the degrees of a mesh are 0 <= low <= target <= high, not low "
                        + low + ", target " + target + ", high " + high);
            }
            if (best < 0 || best > high) {
                throw new IllegalArgumentException(
                        "peers kept for their score: from 0 to the high degree of " + high + ", not " + best);
            }
            if (outbound < 0 || (outbound > 0 && outbound >= low) || outbound > target / 2) {
                throw new IllegalArgumentException("outbound peers in a mesh: less than the low degree of " + low
                        + " and at most half of the target of " + target + ", not " + outbound);
            }
        }
    }

    /**
     * What happens when.
     *
     * @param pruneBackoff how long who was pruned stays out
     * @param unsubscribeBackoff the same after leaving a topic
     * @param graftFlood a GRAFT so soon after a PRUNE counts twice
     * @param fanoutTtl how long the peers of a topic that was not joined are remembered after a publication
     * @param opportunisticGraftTicks every so many heartbeats a mesh of low scores is improved
     * @param opportunisticGraftPeers by so many peers
     * @param directConnectTicks every so many heartbeats direct peers that are not connected are dialed
     */
    record Times(
            Duration heartbeat,
            Duration pruneBackoff,
            Duration unsubscribeBackoff,
            Duration graftFlood,
            Duration fanoutTtl,
            int opportunisticGraftTicks,
            int opportunisticGraftPeers,
            int directConnectTicks) {

        static final Times DEFAULTS = new Times(
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofMinutes(1),
                60,
                2,
                300);

        Times {
            if (heartbeat.isNegative() || heartbeat.isZero()) {
                throw new IllegalArgumentException("heartbeats are some time apart, not " + heartbeat);
            }
            if (pruneBackoff.toSeconds() < 1 || unsubscribeBackoff.toSeconds() < 1) {
                throw new IllegalArgumentException(
                        "a backoff is at least a second, since it travels in whole seconds, not " + pruneBackoff
                                + " or " + unsubscribeBackoff);
            }
            if (graftFlood.isNegative() || graftFlood.compareTo(pruneBackoff) > 0 || fanoutTtl.isNegative()) {
                throw new IllegalArgumentException(
                        "a time is negative, or a flood of grafts (" + graftFlood + ") longer than the backoff");
            }
            if (opportunisticGraftTicks < 1 || opportunisticGraftPeers < 0 || directConnectTicks < 1) {
                throw new IllegalArgumentException("something happens every 0 heartbeats, or for less than 0 peers");
            }
        }
    }

    /**
     * Messages in parts (1.3).
     *
     * @param application whom parts are passed to; {@link PartialMessages#NONE} where they are not supported
     * @param ticks for how many heartbeats it is remembered who has which parts
     * @param maxBytes the longest RPC
     */
    record Partial(PartialMessages application, int ticks, int maxBytes) {

        /** go-libp2p-pubsub, at least. */
        static final int DEFAULT_TICKS = 3;

        Partial {
            if (ticks < 1) {
                throw new IllegalArgumentException(
                        "parts of messages are remembered for at least a heartbeat, not " + ticks);
            }
        }
    }

    /**
     * What is told about messages.
     *
     * @param lazyPeers to how many peers at least
     * @param factor to what part of the peers
     * @param historyWindows for how many heartbeats messages can be asked for
     * @param gossipWindows for how many they are told of
     * @param cacheMessages how many messages are kept for that; a choice of ours
     * @param cacheBytes how many bytes; a choice of ours
     * @param maxIhaveMessages how many RPCs with IHAVE of a peer are read between two heartbeats
     * @param maxIhaveIds how many messages a peer is asked for, and told of in a topic, between two heartbeats
     * @param transmissions how often a peer is sent the same message on request
     * @param followUp how long who said to have a message may take to send it
     * @param idontwantBytes from this payload on peers are told that a message has come
     * @param idontwantTicks for how many heartbeats it is remembered who has no use for a message
     * @param maxIdontwant how many IDONTWANT of a peer are read between two heartbeats
     * @param maxIdontwantIds with how many ids each
     */
    record Gossip(
            int lazyPeers,
            double factor,
            int historyWindows,
            int gossipWindows,
            int cacheMessages,
            long cacheBytes,
            int maxIhaveMessages,
            int maxIhaveIds,
            int transmissions,
            Duration followUp,
            int idontwantBytes,
            int idontwantTicks,
            int maxIdontwant,
            int maxIdontwantIds) {

        static final int DEFAULT_CACHE_MESSAGES = 65_536;
        static final long DEFAULT_CACHE_BYTES = 16L * 1024 * 1024;

        static final Gossip DEFAULTS = new Gossip(
                6,
                0.25,
                5,
                3,
                DEFAULT_CACHE_MESSAGES,
                DEFAULT_CACHE_BYTES,
                10,
                5_000,
                3,
                Duration.ofSeconds(3),
                1_024,
                3,
                1_000,
                10);

        Gossip {
            if (lazyPeers < 0 || !(factor >= 0 && factor <= 1)) {
                throw new IllegalArgumentException(
                        "gossip goes to 0 or more peers, and to a part of them from 0 to 1, not " + lazyPeers + " and "
                                + factor);
            }
            if (gossipWindows < 1 || gossipWindows > historyWindows) {
                throw new IllegalArgumentException("messages are told of for 1 to " + historyWindows
                        + " heartbeats, as long as they can be asked for, not " + gossipWindows);
            }
            if (cacheMessages < 0
                    || cacheBytes < 0
                    || maxIhaveMessages < 0
                    || maxIhaveIds < 0
                    || transmissions < 0
                    || idontwantBytes < 0
                    || idontwantTicks < 1
                    || maxIdontwant < 0
                    || maxIdontwantIds < 0) {
                throw new IllegalArgumentException("a limit is negative");
            }
            if (followUp.isNegative() || followUp.isZero()) {
                throw new IllegalArgumentException("a request needs some time, not " + followUp);
            }
        }
    }
}
