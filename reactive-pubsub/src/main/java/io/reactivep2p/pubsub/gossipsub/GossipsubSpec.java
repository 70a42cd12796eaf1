package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.pubsub.PubsubOptions;
import io.reactivep2p.pubsub.PubsubSpec;
import io.reactivep2p.pubsub.gossipsub.GossipsubParams.Degrees;
import io.reactivep2p.pubsub.gossipsub.GossipsubParams.Gossip;
import io.reactivep2p.pubsub.gossipsub.GossipsubParams.Partial;
import io.reactivep2p.pubsub.gossipsub.GossipsubParams.Times;
import io.reactivep2p.pubsub.gossipsub.score.ScoreParams;
import io.reactivep2p.pubsub.gossipsub.score.ScoreThresholds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** Sets the options of gossipsub. The defaults are those of go-libp2p-pubsub where not said otherwise. */
public final class GossipsubSpec {

    private int target = Degrees.DEFAULTS.target();
    private int low = Degrees.DEFAULTS.low();
    private int high = Degrees.DEFAULTS.high();
    private int best = Degrees.DEFAULTS.best();
    private int outbound = Degrees.DEFAULTS.outbound();
    private Duration heartbeat = Times.DEFAULTS.heartbeat();
    private Duration pruneBackoff = Times.DEFAULTS.pruneBackoff();
    private Duration unsubscribeBackoff = Times.DEFAULTS.unsubscribeBackoff();
    private Duration graftFlood = Times.DEFAULTS.graftFlood();
    private Duration fanoutTtl = Times.DEFAULTS.fanoutTtl();
    private int opportunisticGraftTicks = Times.DEFAULTS.opportunisticGraftTicks();
    private int opportunisticGraftPeers = Times.DEFAULTS.opportunisticGraftPeers();
    private int directConnectTicks = Times.DEFAULTS.directConnectTicks();
    private int lazyPeers = Gossip.DEFAULTS.lazyPeers();
    private double gossipFactor = Gossip.DEFAULTS.factor();
    private int historyWindows = Gossip.DEFAULTS.historyWindows();
    private int gossipWindows = Gossip.DEFAULTS.gossipWindows();
    private int cacheMessages = Gossip.DEFAULTS.cacheMessages();
    private long cacheBytes = Gossip.DEFAULTS.cacheBytes();
    private int maxIhaveMessages = Gossip.DEFAULTS.maxIhaveMessages();
    private int maxIhaveIds = Gossip.DEFAULTS.maxIhaveIds();
    private int transmissions = Gossip.DEFAULTS.transmissions();
    private Duration followUp = Gossip.DEFAULTS.followUp();
    private int idontwantBytes = Gossip.DEFAULTS.idontwantBytes();
    private int idontwantTicks = Gossip.DEFAULTS.idontwantTicks();
    private int maxIdontwant = Gossip.DEFAULTS.maxIdontwant();
    private int maxIdontwantIds = Gossip.DEFAULTS.maxIdontwantIds();
    private final List<PeerInfo> directPeers = new ArrayList<>();
    private boolean peerExchange;
    private boolean floodPublish = true;
    private ScoreParams score = ScoreParams.OFF;
    private ScoreThresholds thresholds = GossipsubParams.NO_THRESHOLDS;
    private ToDoubleFunction<PeerId> applicationScore = peer -> 0;
    private PartialMessages partialMessages = PartialMessages.NONE;
    private int partialTicks = Partial.DEFAULT_TICKS;
    private boolean testExtension;

    private final PubsubSpec common = new PubsubSpec();

    GossipsubSpec() {}

    /** The options that all routers have in common: signatures, message ids, limits, queues, clocks. */
    public GossipsubSpec common(Consumer<? super PubsubSpec> options) {
        options.accept(common);
        return this;
    }

    /**
     * How many peers a mesh has: below {@code atLeast} it is filled, from {@code lessThan} on it is cut, both to {@code desired}. Default
     * 6, 5, 12 (D, D_lo, D_hi). Where {@code desired} is less than 4, {@link #outboundPeers} must be lowered too.
     */
    public GossipsubSpec meshPeers(int desired, int atLeast, int lessThan) {
        this.target = desired;
        this.low = atLeast;
        this.high = lessThan;
        return this;
    }

    /** How many peers are kept for their score when a mesh is cut; default 4 (D_score). */
    public GossipsubSpec bestPeers(int peers) {
        this.best = peers;
        return this;
    }

    /** How many peers of a mesh at least are ones that we dialed; default 2 (D_out), less than D_lo and at most half of D. */
    public GossipsubSpec outboundPeers(int peers) {
        this.outbound = peers;
        return this;
    }

    /** The time between two heartbeats; default 1 s. */
    public GossipsubSpec heartbeat(Duration interval) {
        this.heartbeat = interval;
        return this;
    }

    /**
     * How long a peer stays out of a mesh that it was pruned from, default 1 min, or that was left, default 10 s; and how soon after a PRUNE
     * its return counts as a flood, default 10 s. In whole seconds.
     */
    public GossipsubSpec backoff(Duration afterPrune, Duration afterLeaving, Duration flood) {
        this.pruneBackoff = afterPrune;
        this.unsubscribeBackoff = afterLeaving;
        this.graftFlood = flood;
        return this;
    }

    /** How long the peers of a topic that is published to, but not joined, are remembered; default 1 min. */
    public GossipsubSpec fanoutTtl(Duration ttl) {
        this.fanoutTtl = ttl;
        return this;
    }

    /** How often a mesh of low scores is improved, in heartbeats, default 60, and by how many peers, default 2. */
    public GossipsubSpec opportunisticGraft(int everyHeartbeats, int peers) {
        this.opportunisticGraftTicks = everyHeartbeats;
        this.opportunisticGraftPeers = peers;
        return this;
    }

    /** To how many peers at least messages are gossiped, default 6 (D_lazy), and to what part of those not in the mesh, default 0.25. */
    public GossipsubSpec gossip(int atLeast, double factor) {
        this.lazyPeers = atLeast;
        this.gossipFactor = factor;
        return this;
    }

    /** For how many heartbeats messages can be asked for, default 5, and are gossiped about, default 3. */
    public GossipsubSpec history(int heartbeats, int gossiped) {
        this.historyWindows = heartbeats;
        this.gossipWindows = gossiped;
        return this;
    }

    /** How many messages are kept for that at most, default 65,536, and bytes, default 16 MiB; choices of ours, go has no bound. */
    public GossipsubSpec cache(int messages, long bytes) {
        this.cacheMessages = messages;
        this.cacheBytes = bytes;
        return this;
    }

    /** How many IHAVE of a peer are read between two heartbeats, default 10, and for how many messages it is asked, default 5,000. */
    public GossipsubSpec maxIhave(int messages, int ids) {
        this.maxIhaveMessages = messages;
        this.maxIhaveIds = ids;
        return this;
    }

    /** How often a peer is sent the same message on request; default 3. */
    public GossipsubSpec maxTransmissions(int times) {
        this.transmissions = times;
        return this;
    }

    /** How long a peer that said to have a message may take to send it; default 3 s. */
    public GossipsubSpec followUp(Duration time) {
        this.followUp = time;
        return this;
    }

    /** From how many bytes of payload on the mesh is told that a message has come; default 1,024. */
    public GossipsubSpec idontwantFrom(int bytes) {
        this.idontwantBytes = bytes;
        return this;
    }

    /**
     * For how many heartbeats it is remembered that a peer has no use for a message, default 3; how many IDONTWANT of a peer are read
     * between two heartbeats, default 1,000; and with how many ids each, default 10.
     */
    public GossipsubSpec idontwantLimits(int heartbeats, int messages, int ids) {
        this.idontwantTicks = heartbeats;
        this.maxIdontwant = messages;
        this.maxIdontwantIds = ids;
        return this;
    }

    /** A peer that is always forwarded to, kept connected, and never in a mesh. The agreement must be mutual. */
    public GossipsubSpec directPeer(PeerInfo peer) {
        directPeers.add(peer);
        return this;
    }

    /** How often direct peers that are not connected are dialed, in heartbeats; default 300. */
    public GossipsubSpec directConnect(int everyHeartbeats) {
        this.directConnectTicks = everyHeartbeats;
        return this;
    }

    /** Whether peers that leave a mesh since it is full are told of up to 16 others; default not. For bootstrap nodes. */
    public GossipsubSpec peerExchange(boolean exchange) {
        this.peerExchange = exchange;
        return this;
    }

    /** Whether our own messages go to all peers of a topic, whatever the mesh, which makes them hard to suppress; default they do. */
    public GossipsubSpec floodPublish(boolean flood) {
        this.floodPublish = flood;
        return this;
    }

    /** Has the behaviour of peers count; default it does not, and every score is 0. */
    public GossipsubSpec score(ScoreParams params, ScoreThresholds scoreThresholds) {
        this.score = params;
        this.thresholds = scoreThresholds;
        return this;
    }

    /** What the application thinks of a peer (P5). Asked whenever a score is: must be quick, and not throw. */
    public GossipsubSpec applicationScore(ToDoubleFunction<PeerId> function) {
        this.applicationScore = function;
        return this;
    }

    /** Supports partial messages (1.3), in the topics that {@link Gossipsub#supportPartial} names, and passes parts on; default it does not. */
    public GossipsubSpec partialMessages(PartialMessages application) {
        this.partialMessages = application;
        return this;
    }

    /** For how many heartbeats after a message was published in parts it is remembered who has which; default 3. */
    public GossipsubSpec partialTtl(int heartbeats) {
        this.partialTicks = heartbeats;
        return this;
    }

    /** Whether the extension is supported that serves to test extensions (1.3); default not. */
    public GossipsubSpec testExtension(boolean supported) {
        this.testExtension = supported;
        return this;
    }

    PubsubOptions common() {
        return common.options();
    }

    GossipsubParams params() {
        return new GossipsubParams(
                new Degrees(target, low, high, best, outbound),
                new Times(
                        heartbeat,
                        pruneBackoff,
                        unsubscribeBackoff,
                        graftFlood,
                        fanoutTtl,
                        opportunisticGraftTicks,
                        opportunisticGraftPeers,
                        directConnectTicks),
                new Gossip(
                        lazyPeers,
                        gossipFactor,
                        historyWindows,
                        gossipWindows,
                        cacheMessages,
                        cacheBytes,
                        maxIhaveMessages,
                        maxIhaveIds,
                        transmissions,
                        followUp,
                        idontwantBytes,
                        idontwantTicks,
                        maxIdontwant,
                        maxIdontwantIds),
                directPeers,
                peerExchange,
                floodPublish,
                score,
                thresholds,
                applicationScore,
                new Partial(
                        partialMessages, partialTicks, common.options().limits().maxRpcBytes()),
                testExtension);
    }
}
