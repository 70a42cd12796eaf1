package io.reactivep2p.protocol.identify;

import java.time.Duration;

/**
 * @param protocolVersion the family of networks we belong to, at most {@value #MAX_VERSION_LENGTH} characters
 * @param agentVersion what software this is, at most {@value #MAX_VERSION_LENGTH} characters
 * @param timeout for one exchange
 * @param pushDelay how long changes are gathered before they are pushed
 */
public record IdentifyOptions(String protocolVersion, String agentVersion, Duration timeout, Duration pushDelay) {

    /** What go, rust and js in the IPFS family say. */
    public static final String DEFAULT_PROTOCOL_VERSION = "ipfs/0.1.0";

    public static final String DEFAULT_AGENT_VERSION = "reactive-p2p/0.1.0";

    /** 5 seconds, as in go and js. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    /** Long enough to catch the protocols of a service that starts; js waits a second. */
    public static final Duration DEFAULT_PUSH_DELAY = Duration.ofMillis(200);

    /** Leaves room in our message for what it is about. */
    public static final int MAX_VERSION_LENGTH = 128;

    public IdentifyOptions {
        if (protocolVersion.length() > MAX_VERSION_LENGTH || agentVersion.length() > MAX_VERSION_LENGTH) {
            throw new IllegalArgumentException("a version has at most " + MAX_VERSION_LENGTH
                    + " characters, but these have " + protocolVersion.length() + " and " + agentVersion.length());
        }
    }

    public static IdentifyOptions defaults() {
        return new IdentifyOptions(
                DEFAULT_PROTOCOL_VERSION, DEFAULT_AGENT_VERSION, DEFAULT_TIMEOUT, DEFAULT_PUSH_DELAY);
    }

    /** These options with what software this is. */
    public IdentifyOptions withAgentVersion(String version) {
        return new IdentifyOptions(protocolVersion, version, timeout, pushDelay);
    }
}
