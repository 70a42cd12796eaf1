package io.reactivep2p.interop.gossip;

import com.fasterxml.jackson.databind.JsonNode;
import io.reactivep2p.pubsub.gossipsub.GossipsubSpec;
import java.time.Duration;

/** go-libp2p-pubsub's parameters by its names; what is absent or null there keeps go's default, which is ours as well. */
record GossipParams(JsonNode given) {

    void applyTo(GossipsubSpec spec) {
        spec.meshPeers(number("D", 6), number("Dlo", 5), number("Dhi", 12));
        spec.bestPeers(number("Dscore", 4)).outboundPeers(number("Dout", 2));
        spec.history(number("HistoryLength", 5), number("HistoryGossip", 3));
        spec.gossip(number("Dlazy", 6), given.path("GossipFactor").asDouble(0.25));
        spec.maxTransmissions(number("GossipRetransmission", 3));
        spec.heartbeat(time("HeartbeatInterval", Duration.ofSeconds(1)));
        spec.fanoutTtl(time("FanoutTTL", Duration.ofMinutes(1)));
        spec.backoff(
                time("PruneBackoff", Duration.ofMinutes(1)),
                time("UnsubscribeBackoff", Duration.ofSeconds(10)),
                time("GraftFloodThreshold", Duration.ofSeconds(10)));
        spec.opportunisticGraft(number("OpportunisticGraftTicks", 60), number("OpportunisticGraftPeers", 2));
        spec.directConnect(number("DirectConnectTicks", 300));
        spec.maxIhave(number("MaxIHaveMessages", 10), number("MaxIHaveLength", 5_000));
        spec.followUp(time("IWantFollowupTime", Duration.ofSeconds(3)));
        spec.idontwantFrom(number("IDontWantMessageThreshold", 1_024));
        spec.idontwantLimits(
                number("IDontWantMessageTTL", 3),
                number("MaxIDontWantMessages", 1_000),
                number("MaxIDontWantLength", 10));
    }

    private int number(String name, int otherwise) {
        return given.path(name).asInt(otherwise);
    }

    private Duration time(String name, Duration otherwise) {
        return Duration.ofNanos(given.path(name).asLong(otherwise.toNanos()));
    }
}
