package io.reactivep2p.interop.gossip;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;

/** A step of a script, by the names that the suite has for them. */
sealed interface Instruction {

    /** Begins with gossipsub. @param params go-libp2p-pubsub's, by its field names, durations in nanoseconds; others keep their defaults */
    record InitGossipSub(JsonNode params) implements Instruction {}

    record Connect(List<Integer> nodes) implements Instruction {}

    /** For one node only. */
    record IfNode(int node, Instruction then) implements Instruction {}

    /** @param elapsed since the start of the process */
    record WaitUntil(Duration elapsed) implements Instruction {}

    record Publish(String topic, long message, int bytes) implements Instruction {}

    /** @param partial whether parts of messages are wanted as well */
    record Subscribe(String topic, boolean partial) implements Instruction {}

    /** Every message of the topic takes so long to be judged. */
    record ValidationDelay(String topic, Duration delay) implements Instruction {}

    /** @param parts a bit for each of the 8 parts that this node has from the beginning */
    record AddPartial(String topic, long group, int parts) implements Instruction {}

    /** @param nodes whom to tell; the mesh where empty */
    record PublishPartial(String topic, long group, List<Integer> nodes) implements Instruction {}
}
