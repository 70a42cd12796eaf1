package io.reactivep2p.examples.p2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.data.Percentage.withPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.peer.PeerId;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands in this JVM, against each other over loopback. */
class CommandsTest {

    private static final String LOOPBACK = "/ip4/127.0.0.1/tcp/0";

    @TempDir
    private Path directory;

    private static CommandLines node(String... more) {
        String[] arguments = new String[more.length + 4];
        List.of("node", "--json", "--listen", LOOPBACK).toArray(arguments);
        System.arraycopy(more, 0, arguments, 4, more.length);
        return CommandLines.run(arguments);
    }

    @Test
    void nodeTellsWhereItListensAndWhoComesAndGoes() {
        try (CommandLines node = node()) {
            String address = node.address();
            CommandLines ping = CommandLines.run("ping", "--count", "2", "--interval", "1ms", "--json", address);

            assertThat(ping.exitCode()).isZero();
            assertThat(ping.events()).hasSize(2).allSatisfy(event -> {
                assertThat(event.path("event").asText()).isEqualTo("ping");
                assertThat(event.path("rttMicros").asDouble()).isPositive();
                assertThat(event.size()).isEqualTo(2);
            });
            Awaitility.await()
                    .atMost(10, TimeUnit.SECONDS)
                    .until(() -> node.events().size() == 3);
            assertThat(node.events())
                    .extracting(event -> event.path("event").asText())
                    .containsExactly("listening", "connected", "disconnected");
            JsonNode listening = node.events().get(0);
            assertThat(address)
                    .startsWith("/ip4/127.0.0.1/tcp/")
                    .endsWith("/p2p/" + listening.path("peerId").asText());
            assertThat(node.interrupt().block()).isZero();
        }
    }

    @Test
    void pingForeverEndsWhenInterrupted() {
        try (CommandLines node = node();
                CommandLines ping = CommandLines.run("ping", "--count", "0", "--interval", "1ms", node.address())) {
            Awaitility.await()
                    .atMost(10, TimeUnit.SECONDS)
                    .until(() -> ping.out().lines().count() >= 3);

            assertThat(ping.interrupt().block()).isZero();
            assertThat(ping.out()).contains("rtt ").doesNotContain("\u001b");
            assertThat(ping.err()).contains("pings: min");
        }
    }

    @Test
    void identifyShowsWhatAPeerSaysOfItself() {
        try (CommandLines node = node("--echo")) {
            String address = node.address();
            CommandLines identify = CommandLines.run("--json", "identify", address);

            assertThat(identify.exitCode()).isZero();
            JsonNode event = identify.events().get(0);
            assertThat(event.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "event",
                            "peerId",
                            "protocolVersion",
                            "agentVersion",
                            "protocols",
                            "listenAddresses",
                            "observedAddress",
                            "signed");
            assertThat(address).endsWith(event.path("peerId").asText());
            assertThat(event.path("protocols"))
                    .extracting(JsonNode::asText)
                    .contains("/echo/1.0.0", "/ipfs/ping/1.0.0");
            assertThat(event.path("signed").asBoolean()).isTrue();
        }
    }

    @Test
    void perfMeasuresBothWays() {
        CommandLines perf = CommandLines.run("perf", "--self", "--json", "--upload", "3MB", "--download", "2MiB");

        assertThat(perf.exitCode()).isZero();
        assertThat(perf.events())
                .extracting(event -> event.path("event").asText())
                .containsExactly("ping", "perf", "perf");
        JsonNode upload = perf.events().get(1);
        assertThat(upload.path("direction").asText()).isEqualTo("upload");
        assertThat(upload.path("bytes").asLong()).isEqualTo(3_000_000);
        assertThat(upload.path("megabytesPerSecond").asDouble())
                .isCloseTo(3 / upload.path("seconds").asDouble(), withPercentage(1));
        assertThat(perf.events().get(2).path("bytes").asLong()).isEqualTo(2L << 20);
    }

    @Test
    void perfDrawsABarWherePeopleWatch() {
        CommandLines perf = CommandLines.runWatched("perf", "--self", "--upload", "1MB", "--download", "0");

        assertThat(perf.exitCode()).isZero();
        assertThat(perf.out()).contains("upload 100%").contains("\u001b[32m").doesNotContain("download");
    }

    @Test
    void pipeCarriesBothDirectionsToTheirEnds() {
        byte[] there = random(3_000_000);
        byte[] back = random(2_000_000);
        try (CommandLines listener =
                CommandLines.runWithInput(back, "pipe", "/x/1.0.0", "--json", "--listen", LOOPBACK)) {
            CommandLines dialer = CommandLines.runWithInput(there, "pipe", "/x/1.0.0", listener.address());

            assertThat(dialer.exitCode()).as(dialer.err()).isZero();
            assertThat(listener.exitCode()).as(listener.err()).isZero();
            assertThat(dialer.outBytes()).isEqualTo(back);
            assertThat(listener.outBytes()).isEqualTo(there);
        }
    }

    @Test
    void pipeTellsItsErrorsOnStderr() {
        CommandLines pipe = CommandLines.run("pipe", "--json", "/x/1.0.0", "/ip4/127.0.0.1/tcp/1");

        assertThat(pipe.exitCode()).isEqualTo(1);
        assertThat(pipe.out()).isEmpty();
        assertThat(CommandLines.events(pipe.err()).get(0).path("type").asText()).isEqualTo("DialException");
    }

    @Test
    void keyIsCreatedOnFirstUseAndKept() {
        Path file = directory.resolve("node.key");

        CommandLines first = CommandLines.run("id", "--json", "--key", file.toString());
        assertThat(first.exitCode()).isZero();
        String peer = PeerId.of(KeyPair.load(file).publicKey()).toString();
        assertThat(first.events().get(0).path("peerId").asText()).isEqualTo(peer);
        CommandLines second = CommandLines.run("id", "--key", file.toString());
        assertThat(second.exitCode()).isZero();
        assertThat(second.out()).contains(peer);
    }

    @Test
    void malformedKeyIsNamedWithoutAStackTrace() throws Exception {
        Path file = Files.writeString(directory.resolve("bad.key"), "garbage");

        CommandLines plain = CommandLines.run("node", "--key", file.toString());
        assertThat(plain.exitCode()).isEqualTo(1);
        assertThat(plain.err()).startsWith("error: key file " + file).doesNotContain("\tat ");
        CommandLines json = CommandLines.run("node", "--key", file.toString(), "--json");
        assertThat(json.exitCode()).isEqualTo(1);
        assertError(json, "MalformedKeyException");
        CommandLines verbose = CommandLines.run("node", "--key", file.toString(), "--verbose");
        assertThat(verbose.exitCode()).isEqualTo(1);
        assertThat(verbose.err()).contains("\tat io.reactivep2p.crypto");
    }

    @Test
    void malformedAddressIsAUsageErrorThatNamesTheOffence() {
        CommandLines json = CommandLines.run("ping", "--json", "/ip4/127.0.0.1/tcp/70000");
        assertThat(json.exitCode()).isEqualTo(2);
        assertError(json, "MultiformatException");
        assertThat(json.events().get(0).path("message").asText()).contains("ADDR", "70000");
        CommandLines plain = CommandLines.run("node", "--listen", "nonsense");
        assertThat(plain.exitCode()).isEqualTo(2);
        assertThat(plain.err())
                .startsWith("error: --listen: ")
                .contains("nonsense")
                .doesNotContain("\tat ");
    }

    @Test
    void unreachableAddressIsToldWithItsCause() {
        CommandLines plain = CommandLines.run("ping", "/ip4/127.0.0.1/tcp/1");
        assertThat(plain.exitCode()).isEqualTo(1);
        assertThat(plain.err().lines()).hasSize(2).last().asString().contains("/ip4/127.0.0.1/tcp/1: ", "refused");
        CommandLines json = CommandLines.run("identify", "--json", "/ip4/127.0.0.1/tcp/1");
        assertThat(json.exitCode()).isEqualTo(1);
        assertError(json, "DialException");
    }

    @Test
    void busyPortIsToldAndFails() {
        try (CommandLines node = node()) {
            String address = node.address();
            String bare = address.substring(0, address.indexOf("/p2p/"));
            CommandLines second = CommandLines.run("node", "--json", "--listen", bare);

            assertThat(second.exitCode()).isEqualTo(1);
            assertError(second, "TransportException");
            assertThat(second.events().get(0).path("message").asText()).contains(bare, "in use");
        }
    }

    @Test
    void protocolThatThePeerLacksIsToldAndFails() {
        try (CommandLines node = node()) {
            CommandLines perf = CommandLines.run("perf", "--upload", "1MB", "--json", node.address());

            assertThat(perf.exitCode()).isEqualTo(1);
            assertThat(perf.events().get(1).path("type").asText()).isEqualTo("NegotiationException");
        }
    }

    @Test
    void wrongUsageIsToldTheWayItIsRead() {
        assertError(failed("ping", "--json"), "UsageException");
        assertError(failed("perf", "--json"), "UsageException");
        assertError(failed("--json"), "UsageException");
        assertError(failed("perf", "--self", "--json", "--upload", "1x"), "MalformedOptionException");
        assertError(failed("ping", "--json", "--count", "-1", "/ip4/127.0.0.1/tcp/1"), "MalformedOptionException");
        assertThat(failed("pnig").err()).contains("pnig");
        assertThat(CommandLines.run("--help").exitCode()).isZero();
    }

    @Test
    void controlCharactersOfOthersDoNotReachTheTerminal() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        new HumanConsole(stream, stream, true, false)
                .tell(new CliEvent.Identified("id", "p", "evil\u001b]0;title\u0007", List.of(), List.of(), null, true));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("evil?]0;title?")
                .doesNotContain("\u001b", "\u0007");
    }

    @Test
    void sizesAndDurationsReadAsPeopleWriteThem() {
        assertThat(ByteCount.parse("17").bytes()).isEqualTo(17);
        assertThat(ByteCount.parse("64kB").bytes()).isEqualTo(64_000);
        assertThat(ByteCount.parse("1g").bytes()).isEqualTo(1_000_000_000);
        assertThat(ByteCount.parse("2GiB").bytes()).isEqualTo(2L << 30);
        assertThat(OptionValues.duration("200ms")).hasMillis(200);
        assertThat(OptionValues.duration("2")).hasSeconds(2);
        for (String malformed : List.of("", "1x", "1i", "-1", "99999999999999999T")) {
            assertThatExceptionOfType(MalformedOptionException.class).isThrownBy(() -> ByteCount.parse(malformed));
        }
    }

    private static CommandLines failed(String... arguments) {
        CommandLines command = CommandLines.run(arguments);
        assertThat(command.exitCode()).isEqualTo(2);
        return command;
    }

    private static void assertError(CommandLines command, String type) {
        JsonNode event = command.events().get(0);
        assertThat(event.path("event").asText()).isEqualTo("error");
        assertThat(event.path("type").asText()).isEqualTo(type);
        assertThat(event.path("message").asText()).isNotEmpty();
        assertThat(event.size()).isEqualTo(3);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
