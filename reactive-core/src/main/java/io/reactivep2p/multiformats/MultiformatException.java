package io.reactivep2p.multiformats;

/** Text or bytes that are no well-formed multiformat value. The message names the offending value and what was expected. */
public final class MultiformatException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** Hostile input must not become a hostile log line: messages quote at most this many characters of it. */
    private static final int EXCERPT_LENGTH = 80;

    public MultiformatException(String message) {
        super(message);
    }

    public MultiformatException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The text in quotes, cut to a bounded length and with control characters replaced. */
    static String excerpt(String text) {
        int length = Math.min(text.length(), EXCERPT_LENGTH);
        StringBuilder quoted = new StringBuilder(length + 16).append('\'');
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            quoted.append(Character.isISOControl(c) ? '?' : c);
        }
        if (length < text.length()) {
            quoted.append("...");
        }
        return quoted.append('\'').toString();
    }
}
