package io.reactivep2p.pubsub.gossipsub.score;

/**
 * From where on a score has consequences.
 *
 * @param gossip below it no gossip is sent to the peer or heeded; at most 0
 * @param publish below it the peer is not sent what this node publishes; at most {@code gossip}
 * @param graylist below it nothing that the peer says is read; at most {@code publish}
 * @param acceptExchange from it on the peers that the peer tells of are dialed; at least 0
 * @param opportunisticGraft while the median of a mesh is below it, better peers are grafted; at least 0
 */
public record ScoreThresholds(
        double gossip, double publish, double graylist, double acceptExchange, double opportunisticGraft) {

    public ScoreThresholds {
        Checks.finite(gossip, "gossip threshold");
        Checks.finite(publish, "publish threshold");
        Checks.finite(graylist, "graylist threshold");
        Checks.notNegative(acceptExchange, "threshold for peer exchange");
        Checks.notNegative(opportunisticGraft, "threshold for opportunistic grafts");
        if (gossip > 0 || publish > gossip || graylist > publish) {
            throw new IllegalArgumentException("the thresholds gossip " + gossip + ", publish " + publish
                    + ", graylist " + graylist + "; expected 0 or less, each at most the one before");
        }
    }

    /** Those of rust-libp2p and js-libp2p; go-libp2p has none. */
    public static ScoreThresholds defaults() {
        return new ScoreThresholds(-10, -50, -80, 10, 20);
    }
}
