package io.reactivep2p.interop.gossip;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code params.json}. */
final class ScriptReader {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ScriptReader() {}

    /** @throws IllegalArgumentException for what is not JSON, or not a script of known instructions */
    static List<Instruction> read(String json) {
        JsonNode script;
        try {
            script = JSON.readTree(json).path("script");
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("the parameters are not JSON: " + malformed.getMessage(), malformed);
        }
        if (!script.isArray()) {
            throw new IllegalArgumentException("the parameters have no script");
        }
        List<Instruction> instructions = new ArrayList<>();
        script.forEach(node -> instructions.add(instruction(node)));
        return instructions;
    }

    private static Instruction instruction(JsonNode node) {
        String type = field(node, "type").asText();
        return switch (type) {
            case "initGossipSub" -> new Instruction.InitGossipSub(field(node, "gossipSubParams"));
            case "connect" -> new Instruction.Connect(nodes(field(node, "connectTo")));
            case "ifNodeIDEquals" ->
                new Instruction.IfNode(field(node, "nodeID").asInt(), instruction(field(node, "instruction")));
            case "waitUntil" -> new Instruction.WaitUntil(seconds(field(node, "elapsedSeconds")));
            case "publish" ->
                new Instruction.Publish(
                        topic(node),
                        field(node, "messageID").asLong(),
                        field(node, "messageSizeBytes").asInt());
            case "subscribeToTopic" ->
                new Instruction.Subscribe(topic(node), node.path("partial").asBoolean());
            case "setTopicValidationDelay" ->
                new Instruction.ValidationDelay(topic(node), seconds(field(node, "delaySeconds")));
            case "addPartialMessage" ->
                new Instruction.AddPartial(
                        topic(node),
                        field(node, "groupID").asLong(),
                        field(node, "parts").asInt());
            case "publishPartial" ->
                new Instruction.PublishPartial(
                        topic(node), field(node, "groupID").asLong(), nodes(node.path("publishToNodeIDs")));
            default -> throw new IllegalArgumentException("the instruction " + type + " is not known here");
        };
    }

    private static JsonNode field(JsonNode node, String name) {
        JsonNode field = node.get(name);
        if (field == null || field.isNull()) {
            throw new IllegalArgumentException("an instruction without " + name + ": " + node);
        }
        return field;
    }

    private static String topic(JsonNode node) {
        return field(node, "topicID").asText();
    }

    private static List<Integer> nodes(JsonNode list) {
        List<Integer> nodes = new ArrayList<>();
        list.forEach(node -> nodes.add(node.asInt()));
        return nodes;
    }

    private static Duration seconds(JsonNode node) {
        return Duration.ofNanos(
                node.decimalValue().multiply(BigDecimal.valueOf(1_000_000_000)).longValue());
    }
}
