package io.reactivep2p.interop;

import io.reactivep2p.interop.suite.FakeRedis;
import io.reactivep2p.interop.suite.Layers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The executable jar in a process of its own, started as the harness of a public suite would. */
final class SuiteProcess implements AutoCloseable {

    static final String KEY = "a5b50d5e_listener_multiaddr";

    private final Process process;
    private final CompletableFuture<String> out;
    private final CompletableFuture<String> err;

    private SuiteProcess(Process process) {
        this.process = process;
        this.out = CompletableFuture.supplyAsync(() -> all(process.inputReader(StandardCharsets.UTF_8)));
        this.err = CompletableFuture.supplyAsync(() -> all(process.errorReader(StandardCharsets.UTF_8)));
    }

    static SuiteProcess start(String suite, boolean dialer, Layers layers, FakeRedis redis, Map<String, String> more) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "IS_DIALER",
                Boolean.toString(dialer),
                "REDIS_ADDR",
                redis.address(),
                "TEST_KEY",
                "a5b50d5e",
                "TRANSPORT",
                layers.transport(),
                "LISTENER_IP",
                "127.0.0.1",
                "DEBUG",
                "false"));
        if (layers.security() != null && layers.muxer() != null) {
            variables.put("SECURE_CHANNEL", layers.security());
            variables.put("MUXER", layers.muxer());
        }
        variables.putAll(more);
        return start(List.of(suite), variables);
    }

    /** With arguments alone. */
    static SuiteProcess start(List<String> arguments) {
        return start(arguments, Map.of());
    }

    private static SuiteProcess start(List<String> arguments, Map<String, String> variables) {
        String jar = Objects.requireNonNull(System.getProperty("interop.jar"), "-Dinterop.jar is not set");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-jar", jar));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(variables);
        try {
            return new SuiteProcess(builder.start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Waits for its end, which must be a good one. Returns what it printed. */
    String result(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it does not end: " + err.join());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
        if (process.exitValue() != 0) {
            throw new AssertionError("exit code " + process.exitValue() + ": " + err.join());
        }
        return out.join();
    }

    private static String all(BufferedReader reader) {
        StringBuilder text = new StringBuilder();
        reader.lines().forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
