package io.reactivep2p.interop.suite;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Environment variables, read strictly: each method throws {@link IllegalArgumentException} naming the variable. */
final class Variables {

    /** Of one measurement. Ours, for the memory of the results; the suites run 100. */
    static final int MAX_COUNT = 1_000_000;

    private final Map<String, String> values;

    Variables(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** One that must be there. */
    String text(String name) {
        String value = values.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(name + " is not set");
        }
        return value.strip();
    }

    String text(String name, String otherwise) {
        return isGiven(name) ? text(name) : otherwise;
    }

    /** The name of a layer, {@code null} where a transport has none. */
    @Nullable
    String layer(String name) {
        return isGiven(name) ? text(name) : null;
    }

    boolean flag(String name) {
        return switch (text(name).toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(name + " is true or false, not " + text(name));
        };
    }

    boolean flag(String name, boolean otherwise) {
        return isGiven(name) ? flag(name) : otherwise;
    }

    int count(String name, int otherwise) {
        return (int) number(name, otherwise, MAX_COUNT);
    }

    /** From 0 to {@code most}. */
    long number(String name, long otherwise, long most) {
        if (!isGiven(name)) {
            return otherwise;
        }
        long number;
        try {
            number = Long.parseLong(text(name));
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException(name + " is no number: " + text(name), malformed);
        }
        if (number < 0 || number > most) {
            throw new IllegalArgumentException(name + " is " + number + ", expected 0 to " + most);
        }
        return number;
    }

    Duration seconds(String name, Duration otherwise) {
        return Duration.ofSeconds(number(name, otherwise.toSeconds(), Integer.MAX_VALUE));
    }

    /** A host with or without a port, not resolved. */
    InetSocketAddress server(String name, int defaultPort) {
        String text = text(name);
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return InetSocketAddress.createUnresolved(text, defaultPort);
        }
        try {
            return InetSocketAddress.createUnresolved(
                    text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(name + " is no host:port: " + text, malformed);
        }
    }

    /** The suites write null for what is not there. */
    private boolean isGiven(String name) {
        String value = values.get(name);
        return value != null && !value.isBlank() && !value.strip().equals("null");
    }
}
