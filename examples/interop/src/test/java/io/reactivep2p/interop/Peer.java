package io.reactivep2p.interop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A foreign peer in its own process, told what to do by lines of JSON; see {@code peers/README.md}. */
final class Peer implements AutoCloseable {

    /** For one event or reply. Commands give up after 30 seconds by themselves. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final Duration EXIT_PATIENCE = Duration.ofSeconds(5);
    private static final int STDERR_LINES = 40;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PeerKind kind;
    private final Process process;
    private final BufferedWriter commands;
    private final EventLog<JsonNode> events;
    private final Deque<String> stderr = new ArrayDeque<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final String id;
    private final String address;

    private Peer(PeerKind kind, Process process) {
        this.kind = kind;
        this.process = process;
        this.commands = process.outputWriter();
        this.events = new EventLog<>(kind.toString(), PATIENCE);
        follow("stdout", process.getInputStream(), this::onLine, () -> events.end("its process has ended"));
        follow("stderr", process.getErrorStream(), this::onStderr, () -> {});
        JsonNode listening = awaitListening();
        this.id = listening.get("peerId").asText();
        this.address = listening.get("addresses").get(0).asText();
    }

    /** Starts a peer; {@code peers/README.md} has the flags. */
    static Peer start(PeerKind kind, List<String> flags) {
        return start(kind, flags, List.of());
    }

    /** As {@link #start(PeerKind, List)}, with more flags. */
    static Peer start(PeerKind kind, List<String> flags, List<String> moreFlags) {
        Path directory = PeerKind.directory();
        List<String> command = new ArrayList<>(kind.command());
        if (command.get(0).startsWith(".")) {
            command.set(0, directory.resolve(command.get(0)).toString());
        }
        command.addAll(flags);
        command.addAll(moreFlags);
        try {
            return new Peer(
                    kind,
                    new ProcessBuilder(command).directory(directory.toFile()).start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private JsonNode awaitListening() {
        try {
            return event("listening", e -> true);
        } catch (AssertionError failure) {
            process.destroyForcibly();
            throw new AssertionError("the peer does not start: " + describe(), failure);
        }
    }

    String id() {
        return id;
    }

    /** Where it listens, with its peer id. */
    String address() {
        return address;
    }

    /** A mark in its events, to wait from. */
    int mark() {
        return events.size();
    }

    /** The first event of this name that matches, past or future. */
    JsonNode event(String name, Predicate<JsonNode> matches) {
        return event(0, name, matches);
    }

    /** The first one from a mark on. */
    JsonNode event(int from, String name, Predicate<JsonNode> matches) {
        return events.await(from, name, e -> e.path("event").asText().equals(name) && matches.test(e));
    }

    /** Whether there was such an event from a mark on. */
    boolean has(int from, String name, Predicate<JsonNode> matches) {
        return events.has(from, e -> e.path("event").asText().equals(name) && matches.test(e));
    }

    /** Runs a command and returns its reply, which must be a good one. */
    JsonNode call(String command, Map<String, ?> arguments) {
        return begin(command, arguments).reply();
    }

    JsonNode call(String command) {
        return call(command, Map.of());
    }

    /** Runs a command that must fail, and returns why it did. */
    String callInVain(String command, Map<String, ?> arguments) {
        return begin(command, arguments).error();
    }

    /** Begins a command; others may run meanwhile. */
    Call begin(String command, Map<String, ?> arguments) {
        int number = calls.incrementAndGet();
        ObjectNode line = JSON.valueToTree(arguments);
        line.put("id", number).put("cmd", command);
        try {
            synchronized (commands) {
                commands.write(JSON.writeValueAsString(line));
                commands.write('\n');
                commands.flush();
            }
        } catch (IOException failure) {
            throw new AssertionError(kind + " takes no command any more: " + describe(), failure);
        }
        return new Call(number, command + " " + arguments);
    }

    /** A command under way. */
    final class Call {

        private final int number;
        private final String what;

        private Call(int number, String what) {
            this.number = number;
            this.what = what;
        }

        JsonNode reply() {
            JsonNode reply = any();
            if (!reply.get("ok").asBoolean()) {
                throw new AssertionError(
                        kind + " " + what + " failed: " + reply.get("error").asText());
            }
            return reply;
        }

        String error() {
            JsonNode reply = any();
            if (reply.get("ok").asBoolean()) {
                throw new AssertionError(kind + " " + what + " was expected to fail, but: " + reply);
            }
            return reply.get("error").asText();
        }

        private JsonNode any() {
            return events.await(
                    "reply to " + what,
                    e -> e.path("event").asText().equals("reply")
                            && e.path("id").asInt() == number);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Makes the whole process stand still until {@link #resume()}. Its sockets stay open. */
    void freeze() {
        signal("-STOP");
    }

    void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            int exit = new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new AssertionError("kill " + signal + " ended with " + exit);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    /** Ends the process at once, without a goodbye. */
    void kill() {
        process.destroyForcibly();
    }

    /** Ends the process; it exits by itself when its stdin ends. */
    @Override
    public void close() {
        try {
            commands.close();
        } catch (IOException gone) {
            // it ended before
        }
        try {
            if (!process.waitFor(EXIT_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Its last events and words, for the report of a failure. */
    String describe() {
        synchronized (stderr) {
            return kind + " (" + (process.isAlive() ? "alive" : "exit code " + process.exitValue())
                    + ")\n  last events: " + events.last() + "\n  stderr: "
                    + (stderr.isEmpty() ? "nothing" : "\n    " + String.join("\n    ", stderr));
        }
    }

    private void onLine(String line) {
        try {
            events.add(JSON.readTree(line));
        } catch (JsonProcessingException malformed) {
            onStderr("not JSON on stdout: " + line);
        }
    }

    private void onStderr(String line) {
        synchronized (stderr) {
            if (stderr.size() == STDERR_LINES) {
                stderr.removeFirst();
            }
            stderr.addLast(line);
        }
    }

    private void follow(String name, InputStream stream, Consumer<String> onLine, Runnable onEnd) {
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader lines =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        lines.lines().forEach(onLine);
                    } catch (IOException | UncheckedIOException closed) {
                        onStderr(name + " broke off: " + closed);
                    } finally {
                        onEnd.run();
                    }
                },
                kind + " " + name);
        reader.setDaemon(true);
        reader.start();
    }
}
