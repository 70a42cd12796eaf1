package io.reactivep2p.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The implementations that we are tested against. */
enum PeerKind {
    JS("js-libp2p/", true, List.of("node", "js/peer.mjs"), "js/node_modules/.package-lock.json"),
    GO("", true, List.of(".cache/go/peer"), ".cache/go/peer"),
    /** Sends no signed peer record by default. */
    RUST("rust-libp2p/", false, List.of(".cache/rust/peer"), ".cache/rust/peer");

    /** Debian's. */
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    private static final Set<String> REPORTED = new HashSet<>();

    private final String agent;
    private final boolean signsItsRecord;
    private final List<String> command;
    private final String product;

    PeerKind(String agent, boolean signsItsRecord, List<String> command, String product) {
        this.agent = agent;
        this.signsItsRecord = signsItsRecord;
        this.command = command;
        this.product = product;
    }

    /** What its agent version begins with. */
    String agent() {
        return agent;
    }

    /** Whether its identify carries a signed peer record. */
    boolean signsItsRecord() {
        return signsItsRecord;
    }

    List<String> command() {
        return command;
    }

    /** Where {@code build.sh} and the peers are: {@code -Dinterop.peers}, or beside the module's pom. */
    static Path directory() {
        String given = System.getProperty("interop.peers");
        if (given != null) {
            return Path.of(given).toAbsolutePath();
        }
        Path beside = Path.of("peers").toAbsolutePath();
        return Files.isDirectory(beside)
                ? beside
                : Path.of("examples/interop/peers").toAbsolutePath();
    }

    /** Skips the test with one line for each peer that is not there; fails it where {@code INTEROP_REQUIRED} or {@code CI} is true. */
    void require() {
        missing().ifPresent(why -> leaveOut("no interop tests with " + this + ": " + why));
    }

    /** As {@link #require()}, for the page of {@link #JS} in a browser. */
    static void requireBrowser() {
        JS.require();
        if (!Files.isExecutable(CHROMIUM)) {
            leaveOut("no interop test with a browser: there is no " + CHROMIUM);
        }
    }

    private static void leaveOut(String line) {
        if (isTrue("INTEROP_REQUIRED") || isTrue("CI")) {
            throw new AssertionError(line);
        }
        synchronized (REPORTED) {
            if (REPORTED.add(line)) {
                System.out.println(line);
            }
        }
        Assumptions.abort(line);
    }

    private Optional<String> missing() {
        if (!Files.exists(directory().resolve(product))) {
            return Optional.of("it is not built, run examples/interop/peers/build.sh " + this);
        }
        return this == JS && !nodeRuns() ? Optional.of("there is no node on the PATH") : Optional.empty();
    }

    private static boolean nodeRuns() {
        try {
            Process node = new ProcessBuilder("node", "--version")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return node.waitFor(20, TimeUnit.SECONDS) && node.exitValue() == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isTrue(String variable) {
        return "true".equals(System.getenv(variable));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
