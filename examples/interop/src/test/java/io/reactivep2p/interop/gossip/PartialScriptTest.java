package io.reactivep2p.interop.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Some of our nodes in the suite's scenarios of messages in parts, over TCP, each instruction for all nodes before the next. */
class PartialScriptTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String TOPIC = "a-subnet";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<ScriptedNode> nodes = new ArrayList<>();
    private final List<ByteArrayOutputStream> logs = new ArrayList<>();
    private final List<String> diagnostics = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        nodes.forEach(ScriptedNode::close);
    }

    /** As {@code partial-messages-chain}: each part of 16 messages is at one node of a line. */
    @Test
    void everyNodeOfAChainCompletesEveryMessage() throws IOException {
        int count = 8;
        int messages = 16;
        start(count);
        for (int node = 0; node < count - 1; node++) {
            nodes.get(node).run(new Instruction.Connect(List.of(node + 1)));
        }
        all(new Instruction.Subscribe(TOPIC, true));
        for (int message = 0; message < messages; message++) {
            for (int part = 0; part < PartialGroup.PARTS; part++) {
                nodes.get((message * PartialGroup.PARTS + part) % count)
                        .run(new Instruction.AddPartial(TOPIC, message, 1 << part));
            }
        }
        for (int message = 0; message < messages; message++) {
            all(new Instruction.PublishPartial(TOPIC, message, List.of()));
        }

        awaitComplete(IntStream.range(0, count), messages);
    }

    /** As {@code partial-messages}: everyone is connected with everyone, and has some parts. */
    @Test
    void everyNodeOfAMeshCompletesAMessageOfWhichEachHasSome() throws IOException {
        int count = 5;
        start(count);
        connectAll(count);
        all(new Instruction.Subscribe(TOPIC, true));
        int[] parts = {0b0000_0011, 0b0000_0110, 0b0011_0000, 0, 0b1100_1000};
        for (int node = 0; node < count; node++) {
            nodes.get(node).run(new Instruction.AddPartial(TOPIC, 200, parts[node]));
        }
        all(new Instruction.PublishPartial(TOPIC, 200, List.of()));

        awaitComplete(IntStream.range(0, count), 1);
    }

    /** As {@code partial-messages-fanout}: who has it all is not in the topic, and names those whom it tells. */
    @Test
    void whoIsNotInTheTopicCompletesAllOthers() throws IOException {
        int count = 4;
        start(count);
        connectAll(count);
        for (int node = 1; node < count; node++) {
            nodes.get(node).run(new Instruction.Subscribe(TOPIC, true));
        }
        nodes.get(0).run(new Instruction.AddPartial(TOPIC, 7, 0xff));

        // Until it knows them: the suite's script waits for so long that it does.
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
            nodes.get(0).run(new Instruction.PublishPartial(TOPIC, 7, List.of(1, 2)));
            assertThat(completed(1)).isEqualTo(1);
        });
        awaitComplete(IntStream.range(0, count), 1);
    }

    private void start(int count) throws IOException {
        String addresses =
                freePorts(count).stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        for (int node = 0; node < count; node++) {
            ByteArrayOutputStream log = new ByteArrayOutputStream();
            logs.add(log);
            nodes.add(new ScriptedNode(
                    node,
                    NodeAddresses.of(addresses),
                    new LogLines(new PrintStream(log, true, StandardCharsets.UTF_8), Clock.systemUTC()),
                    diagnostics::add,
                    System::nanoTime));
        }
        all(new Instruction.InitGossipSub(JSON.readTree("{\"HeartbeatInterval\": 100000000}")));
    }

    private void connectAll(int count) {
        for (int node = 0; node < count; node++) {
            nodes.get(node)
                    .run(new Instruction.Connect(
                            IntStream.range(node + 1, count).boxed().toList()));
        }
    }

    private void all(Instruction instruction) {
        nodes.forEach(node -> node.run(instruction));
    }

    private void awaitComplete(IntStream which, int messages) {
        which.forEach(node -> Awaitility.await("node " + node)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(completed(node)).isEqualTo(messages)));
    }

    /** What the suite looks for. */
    private int completed(int node) {
        return logs.get(node).toString(StandardCharsets.UTF_8).split("\"msg\":\"All parts received\"").length - 1;
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(new ServerSocket(0));
        }
        List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }
}
