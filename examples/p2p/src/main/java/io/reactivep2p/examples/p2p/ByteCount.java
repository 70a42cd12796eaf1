package io.reactivep2p.examples.p2p;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A size as people write it: {@code 1000000}, {@code 64kB}, {@code 100MB}, {@code 1GiB}; the B may be left out. */
record ByteCount(long bytes) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})([kMGT]?)(i?)B?", Pattern.CASE_INSENSITIVE);
    private static final String PREFIXES = "kmgt";
    private static final int DECIMAL = 1_000;
    private static final int BINARY = 1_024;

    static ByteCount parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()
                || (matcher.group(2).isEmpty() && !matcher.group(3).isEmpty())) {
            throw new MalformedOptionException("'" + text + "' is no size such as 1000000, 64kB, 100MB or 1GiB");
        }
        int power = matcher.group(2).isEmpty()
                ? 0
                : PREFIXES.indexOf(matcher.group(2).toLowerCase(Locale.ROOT)) + 1;
        long bytes = Long.parseLong(matcher.group(1));
        try {
            for (int i = 0; i < power; i++) {
                bytes = Math.multiplyExact(bytes, matcher.group(3).isEmpty() ? DECIMAL : BINARY);
            }
        } catch (ArithmeticException e) {
            throw new MalformedOptionException("'" + text + "' is more than " + Long.MAX_VALUE + " bytes");
        }
        return new ByteCount(bytes);
    }

    /** In decimal megabytes from there on, else in bytes. */
    static String text(long bytes) {
        return bytes < DECIMAL * DECIMAL
                ? bytes + " B"
                : String.format(Locale.ROOT, "%.0f MB", bytes / (double) (DECIMAL * DECIMAL));
    }
}
