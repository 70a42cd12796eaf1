package io.reactivep2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gossipsub suite's part of the executable jar: three processes and one script, without the simulator. */
class GossipSuiteInteropIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int NODES = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A line of nodes: what node 0 publishes comes to node 2 through node 1, and so do the parts that each of the two has to the other. */
    private static final String SCRIPT = """
            {"script": [
              {"type": "initGossipSub", "gossipSubParams": {"D": 6, "HeartbeatInterval": 300000000}},
              {"type": "setTopicValidationDelay", "topicID": "foo", "delaySeconds": 0.01},
              {"type": "subscribeToTopic", "topicID": "foo"},
              {"type": "subscribeToTopic", "topicID": "bar", "partial": true},
              {"type": "ifNodeIDEquals", "nodeID": 0, "instruction": {"type": "connect", "connectTo": [1]}},
              {"type": "ifNodeIDEquals", "nodeID": 2, "instruction": {"type": "connect", "connectTo": [1]}},
              {"type": "waitUntil", "elapsedSeconds": %d},
              {"type": "ifNodeIDEquals", "nodeID": 0, "instruction":
                {"type": "publish", "messageID": 18, "messageSizeBytes": 2048, "topicID": "foo"}},
              {"type": "ifNodeIDEquals", "nodeID": 0, "instruction":
                {"type": "addPartialMessage", "topicID": "bar", "groupID": 5, "parts": 15}},
              {"type": "ifNodeIDEquals", "nodeID": 2, "instruction":
                {"type": "addPartialMessage", "topicID": "bar", "groupID": 5, "parts": 240}},
              {"type": "publishPartial", "topicID": "bar", "groupID": 5},
              {"type": "waitUntil", "elapsedSeconds": %d}
            ]}""";

    /** Processes of a busy machine take a while to start, and their clocks begin with them. */
    private static final int READY_SECONDS = 10;

    private static final int DONE_SECONDS = 14;

    @TempDir
    Path directory;

    @Test
    void messagesWholeAndInPartsComeToEveryNodeOfALine() throws IOException {
        Path params =
                Files.writeString(directory.resolve("params.json"), SCRIPT.formatted(READY_SECONDS, DONE_SECONDS));
        String addresses = freePorts().stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        List<SuiteProcess> nodes = new ArrayList<>();
        try {
            for (int node = 0; node < NODES; node++) {
                nodes.add(SuiteProcess.start(List.of(
                        "--params", params.toString(), "--node", Integer.toString(node), "--addresses", addresses)));
            }
            for (int node = 0; node < NODES; node++) {
                List<JsonNode> lines = lines(nodes.get(node).result(PATIENCE));
                assertThat(lines).allSatisfy(line -> assertThat(line.get("time").asText())
                        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z"));
                assertThat(lines.get(0).get("msg").asText()).isEqualTo("PeerID");
                assertThat(lines.get(0).get("node_id").asInt()).isEqualTo(node);
                List<String> received = lines.stream()
                        .filter(line -> line.get("msg").asText().equals("Received Message"))
                        .map(line -> line.get("id").asText())
                        .toList();
                assertThat(received).hasSize(node == 0 ? 0 : 1).allMatch("18"::equals);
                assertThat(lines)
                        .filteredOn(line -> line.get("msg").asText().equals("All parts received"))
                        .hasSize(1);
            }
        } finally {
            nodes.forEach(SuiteProcess::close);
        }
    }

    private static List<JsonNode> lines(String text) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : text.split("\n")) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static List<Integer> freePorts() throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            sockets.add(new ServerSocket(0));
        }
        List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }
}
