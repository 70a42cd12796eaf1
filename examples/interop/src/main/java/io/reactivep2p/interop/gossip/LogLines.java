package io.reactivep2p.interop.gossip;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the suite reads: a line of JSON for each event, with its time. Thread-safe. */
final class LogLines {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintStream out;
    private final Clock clock;

    LogLines(PrintStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    /** @param fields an even number: names and values */
    void log(String message, Object... fields) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", clock.instant().toString());
        line.put("level", "INFO");
        line.put("msg", message);
        for (int i = 0; i < fields.length; i += 2) {
            line.put((String) fields[i], fields[i + 1]);
        }
        try {
            out.println(JSON.writeValueAsString(line)); // println is one step
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
