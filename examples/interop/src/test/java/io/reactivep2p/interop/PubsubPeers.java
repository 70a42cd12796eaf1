package io.reactivep2p.interop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the pubsub tests start their peers with. */
final class PubsubPeers {

    /** Fast, so that tests are; on both sides. */
    static final Duration HEARTBEAT = Duration.ofMillis(200);

    private static final ObjectMapper JSON = new ObjectMapper();

    private PubsubPeers() {}

    /** The flag with these options, and a fast heartbeat. */
    static List<String> flags(Map<String, ?> options) {
        Map<String, Object> all = new HashMap<>(options);
        all.put("heartbeatMillis", HEARTBEAT.toMillis());
        try {
            return List.of("--pubsub", JSON.writeValueAsString(all));
        } catch (JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
