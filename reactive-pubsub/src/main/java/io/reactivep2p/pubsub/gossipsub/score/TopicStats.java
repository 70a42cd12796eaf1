package io.reactivep2p.pubsub.gossipsub.score;

import io.reactivep2p.connection.SansIo;

/** What one peer did in one topic. The parameters are passed in, since they may change. */
@SansIo
final class TopicStats {

    private boolean inMesh;
    private boolean active;
    private long graftedAt;
    private long meshNanos;
    private double firstDeliveries;
    private double meshDeliveries;
    private double meshFailures;
    private double invalidMessages;

    void onGraft(long nowNanos) {
        inMesh = true;
        active = false;
        graftedAt = nowNanos;
        meshNanos = 0;
    }

    /** The peer left the mesh: a deficit of the moment sticks (P3b), and P3 counts on until the next graft, as in go. */
    void onPrune(TopicScoreParams params) {
        if (!inMesh) {
            return;
        }
        double deficit = deficit(params);
        meshFailures += deficit * deficit;
        inMesh = false;
    }

    void onFirstDelivery(TopicScoreParams params) {
        firstDeliveries = Math.min(firstDeliveries + 1, params.firstDeliveries().cap());
        onMeshDelivery(params);
    }

    /** A copy that came in time. */
    void onMeshDelivery(TopicScoreParams params) {
        if (inMesh) {
            meshDeliveries =
                    Math.min(meshDeliveries + 1, params.meshDeliveries().cap());
        }
    }

    void onInvalidMessage() {
        invalidMessages++;
    }

    /** The peer is gone: what speaks for it is forgotten, what speaks against it stays. */
    void onDisconnect(TopicScoreParams params) {
        firstDeliveries = 0;
        onPrune(params);
    }

    /** Counters that were allowed to be higher are brought down. */
    void onNewParams(TopicScoreParams params) {
        firstDeliveries = Math.min(firstDeliveries, params.firstDeliveries().cap());
        meshDeliveries = Math.min(meshDeliveries, params.meshDeliveries().cap());
    }

    void decay(TopicScoreParams params, double toZero, long nowNanos) {
        firstDeliveries = decayed(firstDeliveries, params.firstDeliveries().decay(), toZero);
        meshDeliveries = decayed(meshDeliveries, params.meshDeliveries().decay(), toZero);
        meshFailures = decayed(meshFailures, params.meshFailures().decay(), toZero);
        invalidMessages = decayed(invalidMessages, params.invalidMessages().decay(), toZero);
        if (inMesh) {
            meshNanos = nowNanos - graftedAt;
            active |= meshNanos > params.meshDeliveries().activation().toNanos();
        }
    }

    static double decayed(double count, double factor, double toZero) {
        double less = count * factor;
        return less < toZero ? 0 : less;
    }

    double score(TopicScoreParams params) {
        double score = 0;
        if (inMesh) {
            long quanta = meshNanos / params.timeInMesh().quantum().toNanos();
            score += Math.min(quanta, params.timeInMesh().cap())
                    * params.timeInMesh().weight();
        }
        score += firstDeliveries * params.firstDeliveries().weight();
        double deficit = deficit(params);
        score += deficit * deficit * params.meshDeliveries().weight();
        score += meshFailures * params.meshFailures().weight();
        score += invalidMessages * invalidMessages * params.invalidMessages().weight();
        return score * params.weight();
    }

    private double deficit(TopicScoreParams params) {
        return active ? Math.max(0, params.meshDeliveries().threshold() - meshDeliveries) : 0;
    }
}
