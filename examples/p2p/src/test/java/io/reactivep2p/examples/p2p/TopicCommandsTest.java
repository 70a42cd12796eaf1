package io.reactivep2p.examples.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopicCommandsTest {

    private static final String LOOPBACK = "/ip4/127.0.0.1/tcp/0";

    @Test
    void everyLinePublishedReachesTheSubscriberInOrder() {
        int lines = 500;
        byte[] text = IntStream.range(0, lines)
                .mapToObj(n -> "line " + n + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
        try (CommandLines sub =
                CommandLines.run("sub", "news", "weather", "--json", "--count", "" + lines, "--listen", LOOPBACK)) {
            CommandLines pub = CommandLines.runWithInput(
                    text, "pub", "news", "--json", "--peer", sub.address(), "--listen", LOOPBACK);

            assertThat(pub.exitCode()).describedAs(pub.out()).isZero();
            assertThat(sub.exitCode()).isZero();
            List<JsonNode> messages = CommandLines.events(sub.out()).stream()
                    .filter(event -> event.path("event").asText().equals("message"))
                    .toList();
            assertThat(messages)
                    .extracting(message -> message.path("text").asText())
                    .containsExactlyElementsOf(
                            IntStream.range(0, lines).mapToObj(n -> "line " + n).toList());
            assertThat(messages.get(0).path("topic").asText()).isEqualTo("news");
            assertThat(messages.get(0).path("from").asText())
                    .isEqualTo(
                            CommandLines.events(pub.out()).get(0).path("peerId").asText());
        }
    }

    @Test
    void publishingToNobodyFailsAndSaysSo() {
        CommandLines pub = CommandLines.runWithInput(
                "hello\n".getBytes(StandardCharsets.UTF_8),
                "pub",
                "news",
                "--json",
                "--wait",
                "100ms",
                "--listen",
                LOOPBACK);

        assertThat(pub.exitCode()).isEqualTo(1);
        assertThat(pub.out()).contains("\"type\":\"NobodySubscribedException\"").contains("news");
    }

    @Test
    void aChatShowsWhatOthersSayAndNotOnesOwnWords() throws IOException {
        try (PipedOutputStream keyboard = new PipedOutputStream();
                CommandLines chat = CommandLines.runWithInput(
                        new PipedInputStream(keyboard), "chat", "--json", "--listen", LOOPBACK);
                CommandLines sub =
                        CommandLines.run("sub", "chat", "--json", "--peer", chat.address(), "--listen", LOOPBACK)) {
            CommandLines pub = CommandLines.runWithInput(
                    "hello\n".getBytes(StandardCharsets.UTF_8),
                    "pub",
                    "chat",
                    "--json",
                    "--peer",
                    chat.address(),
                    "--listen",
                    LOOPBACK);
            assertThat(pub.exitCode())
                    .describedAs(pub.out() + chat.out() + chat.err())
                    .isZero();
            chat.awaitOut("\"text\":\"hello\"");

            keyboard.write("my own words\n".getBytes(StandardCharsets.UTF_8));
            keyboard.flush();
            sub.awaitOut("\"text\":\"my own words\"");
            keyboard.close();
            assertThat(chat.exitCode()).isZero();
            assertThat(chat.out()).doesNotContain("my own words");
        }
    }
}
