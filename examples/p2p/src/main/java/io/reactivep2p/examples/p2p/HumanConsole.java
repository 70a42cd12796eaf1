package io.reactivep2p.examples.p2p;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * Text for a person. What comes from other peers is shown without its control characters, which a terminal would obey. Errors and
 * remarks go to stderr and are never coloured: it may be a file even where stdout is a terminal.
 */
final class HumanConsole implements Console {

    private static final String BOLD = "\u001b[1m";
    private static final String DIM = "\u001b[2m";
    private static final String GREEN = "\u001b[32m";
    private static final String CYAN = "\u001b[36m";
    private static final String RESET = "\u001b[0m";

    /** As many last characters of a peer id as tell those in one room apart. */
    private static final int SHORT_ID = 8;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final boolean colour;

    /**
     * @param terminal whether {@code out} is one, so that a progress bar makes sense
     * @param colour whether to colour what goes to {@code out}
     */
    HumanConsole(PrintStream out, PrintStream err, boolean terminal, boolean colour) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.colour = colour;
    }

    @Override
    public void tell(CliEvent event) {
        if (event instanceof CliEvent.Failed failed) {
            print(err, "error: " + String.join("\n  ", clean(failed.message()).split("\n", -1)));
        } else {
            print(out, text(event));
        }
    }

    private String text(CliEvent event) {
        if (event instanceof CliEvent.Listening listening) {
            return paint(BOLD, "peer id") + "  " + paint(CYAN, listening.peerId())
                    + list("listening on", listening.addresses());
        }
        if (event instanceof CliEvent.Identity id) {
            return field("peer id", paint(CYAN, id.peerId()))
                    + field("key type", id.keyType())
                    + field("public key", id.publicKey()).stripTrailing();
        }
        if (event instanceof CliEvent.Connected connected) {
            return paint(GREEN, "+") + " " + connected.peerId()
                    + paint(DIM, "  " + connected.direction() + " " + connected.address());
        }
        if (event instanceof CliEvent.Disconnected disconnected) {
            return "- " + disconnected.peerId()
                    + paint(DIM, "  " + disconnected.address() + ": " + clean(disconnected.reason()));
        }
        if (event instanceof CliEvent.PingAnswered ping) {
            return "rtt " + paint(GREEN, String.format(Locale.ROOT, "%.3f ms", ping.rttMicros() / 1_000));
        }
        if (event instanceof CliEvent.PerfMeasured perf) {
            return String.format(Locale.ROOT, "%-8s  ", perf.direction())
                    + paint(GREEN, String.format(Locale.ROOT, "%9.1f MB/s", perf.megabytesPerSecond()))
                    + paint(
                            DIM,
                            "  " + ByteCount.text(perf.bytes())
                                    + String.format(Locale.ROOT, " in %.3f s", perf.seconds()));
        }
        if (event instanceof CliEvent.Identified identified) {
            return text(identified);
        }
        if (event instanceof CliEvent.MessageReceived message) {
            String from = message.from();
            return paint(CYAN, from == null ? "(nobody)" : from.substring(Math.max(0, from.length() - SHORT_ID)))
                    + paint(DIM, " " + clean(message.topic()))
                    + "  " + clean(message.text());
        }
        return event.toString();
    }

    private String text(CliEvent.Identified identified) {
        String observed = identified.observedAddress();
        return field("peer id", paint(CYAN, identified.peerId()))
                + field("agent", clean(identified.agentVersion()))
                + field("protocol", clean(identified.protocolVersion()))
                + field("sees us at", observed == null ? "(not said)" : clean(observed))
                + field("addresses", identified.signed() ? "signed" : "unsigned")
                        .stripTrailing()
                + list("listens on", identified.listenAddresses())
                + list("speaks", identified.protocols());
    }

    private String field(String name, String value) {
        return paint(BOLD, String.format(Locale.ROOT, "%-10s", name)) + "  " + value + "\n";
    }

    private String list(String title, List<String> values) {
        StringBuilder text = new StringBuilder("\n").append(paint(BOLD, title));
        values.forEach(value -> text.append("\n  ").append(clean(value)));
        return values.isEmpty() ? text.append("\n  (nothing)").toString() : text.toString();
    }

    private String paint(String style, String text) {
        return colour ? style + text + RESET : text;
    }

    private static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.chars().forEach(c -> clean.append(Character.isISOControl(c) && c != '\n' ? '?' : (char) c));
        return clean.toString();
    }

    @Override
    public void remark(String text) {
        print(err, text);
    }

    private static void print(PrintStream stream, String text) {
        synchronized (stream) {
            stream.println(text);
            stream.flush();
        }
    }

    @Override
    public Progress progress(String task, long bytes) {
        return terminal ? BarProgress.of(task, bytes, out) : Progress.UNWATCHED;
    }
}
