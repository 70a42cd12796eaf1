package io.reactivep2p.examples.p2p;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.multiformats.Multiaddr;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** How the command line's text becomes values. The parsers' own exceptions name the offence and are kept as causes. */
final class OptionValues {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|)");

    private OptionValues() {}

    static void registerWith(CommandLine commandLine) {
        commandLine.registerConverter(Multiaddr.class, Multiaddr::of);
        commandLine.registerConverter(ProtocolId.class, OptionValues::protocol);
        commandLine.registerConverter(ByteCount.class, ByteCount::parse);
        commandLine.registerConverter(Duration.class, OptionValues::duration);
    }

    private static ProtocolId protocol(String text) {
        try {
            return ProtocolId.of(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedOptionException(String.valueOf(e.getMessage()));
        }
    }

    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new MalformedOptionException("'" + text + "' is no duration such as 200ms, 1s or 2m");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofSeconds(count);
        };
    }
}
