package io.reactivep2p.examples.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The executable jar, in processes of their own. */
class JarIT {

    private static final int PATIENCE_SECONDS = 60;
    private static final String LOOPBACK = "/ip4/127.0.0.1/tcp/0";

    private final List<Process> started = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void endProcesses() {
        started.forEach(Process::destroyForcibly);
    }

    private ProcessBuilder p2p(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1", // none of them lives long
                "-jar",
                System.getProperty("p2p.jar")));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("err-" + started.size()).toFile());
    }

    private Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private List<JsonNode> run(int exitCode, String... arguments) throws Exception {
        Process process = start(p2p(arguments));
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(out).isEqualTo(exitCode);
        return CommandLines.events(out);
    }

    @Test
    void nodeAnswersTheOtherCommandsAndEndsInOrderWhenToldTo() throws Exception {
        Process node = start(p2p("node", "--json", "--perf", "--listen", LOOPBACK));
        BufferedReader lines = node.inputReader(StandardCharsets.UTF_8);
        String address =
                CommandLines.event(lines.readLine()).path("addresses").path(0).asText();
        String bare = address.substring(0, address.indexOf("/p2p/"));

        assertThat(run(0, "ping", "--json", "--count", "2", "--interval", "1ms", address))
                .hasSize(2);
        assertThat(run(0, "identify", "--json", bare).get(0).path("signed").asBoolean())
                .isTrue();
        assertThat(run(0, "perf", "--json", "--upload", "4MB", "--download", "4MB", address))
                .hasSize(3);
        assertThat(run(1, "node", "--json", "--listen", bare)
                        .get(0)
                        .path("type")
                        .asText())
                .isEqualTo("TransportException");
        assertThat(run(1, "ping", "--json", "/ip4/127.0.0.1/tcp/1")
                        .get(0)
                        .path("type")
                        .asText())
                .isEqualTo("DialException");
        assertThat(run(2, "ping", "--json", "/ip4/1.2.3").get(0).path("type").asText())
                .isEqualTo("MultiformatException");

        node.destroy();
        assertThat(node.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue()).isZero();
    }

    @Test
    void pipeHoldsTheSenderBackWhileItsReaderDoesNotRead() throws Exception {
        byte[] data = new byte[50_000_000];
        new Random(1).nextBytes(data);
        Path err = directory.resolve("listener");
        Process listener =
                start(p2p("pipe", "/data/1.0.0", "--json", "--listen", LOOPBACK).redirectError(err.toFile()));
        listener.getOutputStream().close();
        Awaitility.await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> Files.readString(err)
                .endsWith("\n"));
        String address = CommandLines.event(Files.readString(err))
                .path("addresses")
                .path(0)
                .asText();
        Process dialer = start(p2p("pipe", "/data/1.0.0", address));
        AtomicLong written = new AtomicLong();
        CompletableFuture<Void> writing =
                CompletableFuture.runAsync(() -> write(data, dialer.getOutputStream(), written));

        // Stalled: the same after two seconds. On the way are buffers for input and output, a stream's window, and
        // socket buffers.
        AtomicLong before = new AtomicLong(-1);
        Awaitility.await()
                .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .pollInterval(2, TimeUnit.SECONDS)
                .until(() -> written.get() > 0 && before.getAndSet(written.get()) == written.get());
        assertThat(written.get()).isLessThan(data.length * 3L / 4);

        InputStream received = listener.getInputStream();
        assertThat(received.readAllBytes()).isEqualTo(data);
        writing.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(dialer.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(listener.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(dialer.exitValue()).isZero();
        assertThat(listener.exitValue()).isZero();
    }

    private static void write(byte[] data, OutputStream out, AtomicLong written) {
        try (out) {
            for (int at = 0; at < data.length; at += 10_000) {
                out.write(data, at, 10_000);
                written.addAndGet(10_000);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
