package io.reactivep2p.examples.p2p;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One command line run inside the test, with streams of its own. */
final class CommandLines implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_SECONDS = 30;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Sinks.Empty<Void> interruption = Sinks.empty();
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

    private CommandLines(InputStream in, boolean watched, String... arguments) {
        Environment environment = new Environment(
                in, new PrintStream(out, true), new PrintStream(err, true), watched, watched, interruption::asMono);
        Thread thread = new Thread(() -> {
            try {
                exitCode.complete(Main.run(environment, arguments));
            } catch (Throwable e) {
                exitCode.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    static CommandLines run(String... arguments) {
        return new CommandLines(InputStream.nullInputStream(), false, arguments);
    }

    static CommandLines runWatched(String... arguments) {
        return new CommandLines(InputStream.nullInputStream(), true, arguments);
    }

    static CommandLines runWithInput(byte[] in, String... arguments) {
        return runWithInput(new ByteArrayInputStream(in), arguments);
    }

    static CommandLines runWithInput(InputStream in, String... arguments) {
        return new CommandLines(in, false, arguments);
    }

    int exitCode() {
        try {
            return exitCode.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("no exit code; out: " + out() + " err: " + err(), e);
        }
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    byte[] outBytes() {
        return out.toByteArray();
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    List<JsonNode> events() {
        return events(out());
    }

    static List<JsonNode> events(String lines) {
        return lines.lines().map(CommandLines::event).toList();
    }

    static JsonNode event(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    /** The first address of a command that tells on stdout or stderr, as JSON, that it listens. */
    String address() {
        Awaitility.await()
                .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(() -> exitCode.isDone() || (out() + err()).contains("\"listening\""));
        return event((out() + err()).lines().findFirst().orElseThrow())
                .path("addresses")
                .path(0)
                .asText();
    }

    /** Waits until the command has told {@code text}. */
    void awaitOut(String text) {
        Awaitility.await(text).atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> out().contains(text));
    }

    Mono<Integer> interrupt() {
        interruption.tryEmitEmpty();
        return Mono.fromFuture(exitCode);
    }

    /** As Ctrl-C, where the command heeds it. */
    @Override
    public void close() {
        interruption.tryEmitEmpty();
        exitCode();
    }
}
