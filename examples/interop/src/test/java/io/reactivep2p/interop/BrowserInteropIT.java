package io.reactivep2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.protocol.identify.IdentifyOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A page in a headless Chromium, with a js-libp2p node of its own, reaches us over WebSocket. */
class BrowserInteropIT {

    /** For a browser to start, on a busy machine too. */
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void aPageDialsPingsAndEchoesAMebibyte() throws Exception {
        PeerKind.requireBrowser();
        try (OurNode node = OurNode.start(Road.named("ws-noise-yamux"))) {
            List<JsonNode> steps = browse(node.address(), "--echo", "1048576", "--pings", "3");

            assertThat(steps)
                    .as("%s", steps)
                    .allMatch(step -> step.get("ok").asBoolean())
                    .extracting(step -> step.get("step").asText())
                    .containsExactly("browser", "start", "dial", "ping", "echo", "hangup");
            JsonNode dialed = steps.get(2);
            assertThat(dialed.get("peer").asText()).isEqualTo(node.id());
            assertThat(dialed.get("security").asText()).isEqualTo("/noise");
            assertThat(dialed.get("muxer").asText()).isEqualTo("/yamux/1.0.0");
            assertThat(dialed.get("agentVersion").asText()).isEqualTo(IdentifyOptions.DEFAULT_AGENT_VERSION);
            assertThat(steps.get(3).get("rttMillis")).hasSize(3);
            assertThat(steps.get(4).get("received").asInt()).isEqualTo(1_048_576);
            assertThat(steps.get(4).get("equal").asBoolean()).isTrue();
            String page = steps.get(1).get("peer").asText();
            node.event(
                    HostEvent.ConnectionClosed.class,
                    closed -> closed.connection().remotePeer().toString().equals(page));
        }
    }

    /** What each step in the page came to. */
    private static List<JsonNode> browse(String address, String... flags) throws Exception {
        List<String> command = new ArrayList<>(List.of("node", "js/browser.mjs"));
        command.addAll(List.of(flags));
        command.add(address);
        Process process = new ProcessBuilder(command)
                .directory(PeerKind.directory().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        CompletableFuture<List<JsonNode>> lines = CompletableFuture.supplyAsync(() -> all(process.inputReader()));
        if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("the browser does not come to an end");
        }
        return lines.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static List<JsonNode> all(BufferedReader reader) {
        try (reader) {
            return reader.lines().map(BrowserInteropIT::parsed).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }
}
