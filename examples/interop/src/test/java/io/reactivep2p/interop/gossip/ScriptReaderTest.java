package io.reactivep2p.interop.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptReaderTest {

    @Test
    void everyInstructionIsRead() {
        List<Instruction> script = ScriptReader.read("""
                {"script": [
                  {"type": "initGossipSub", "gossipSubParams": {"D": 8, "HeartbeatInterval": 700000000, "Dlo": null}},
                  {"type": "connect", "connectTo": [1, 2]},
                  {"type": "ifNodeIDEquals", "nodeID": 3, "instruction": {"type": "connect", "connectTo": []}},
                  {"type": "waitUntil", "elapsedSeconds": 60},
                  {"type": "publish", "messageID": 7, "messageSizeBytes": 1024, "topicID": "foo"},
                  {"type": "subscribeToTopic", "topicID": "foo"},
                  {"type": "subscribeToTopic", "topicID": "foo", "partial": true},
                  {"type": "setTopicValidationDelay", "topicID": "foo", "delaySeconds": 0.005},
                  {"type": "addPartialMessage", "topicID": "foo", "groupID": 5, "parts": 255},
                  {"type": "publishPartial", "topicID": "foo", "groupID": 5, "publishToNodeIDs": [1]},
                  {"type": "publishPartial", "topicID": "foo", "groupID": 5}
                ]}""");

        assertThat(script.get(0)).isInstanceOfSatisfying(Instruction.InitGossipSub.class, init -> assertThat(
                        init.params().path("D").asInt())
                .isEqualTo(8));
        assertThat(script.subList(1, script.size()))
                .containsExactly(
                        new Instruction.Connect(List.of(1, 2)),
                        new Instruction.IfNode(3, new Instruction.Connect(List.of())),
                        new Instruction.WaitUntil(Duration.ofMinutes(1)),
                        new Instruction.Publish("foo", 7, 1024),
                        new Instruction.Subscribe("foo", false),
                        new Instruction.Subscribe("foo", true),
                        new Instruction.ValidationDelay("foo", Duration.ofMillis(5)),
                        new Instruction.AddPartial("foo", 5, 255),
                        new Instruction.PublishPartial("foo", 5, List.of(1)),
                        new Instruction.PublishPartial("foo", 5, List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "{\"script\": [{\"type\": \"dance\"}]}",
                "{\"script\": [{\"type\": \"connect\"}]}",
                "{\"script\": [{}]}"
            })
    void whatIsNotAScriptIsRefused(String json) {
        assertThatThrownBy(() -> ScriptReader.read(json)).isInstanceOf(IllegalArgumentException.class);
    }
}
