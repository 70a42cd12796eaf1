package io.reactivep2p.interop.suite;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;

/**
 * What a suite tells a program through environment variables. The names in lower case are those of the transport suite's older form.
 *
 * @param dialer whether to dial, else to listen
 * @param ip where to listen
 * @param load how much to measure, in the perf suite
 */
record Settings(
        Suite suite,
        boolean dialer,
        Layers layers,
        String ip,
        InetSocketAddress redis,
        String key,
        Duration patience,
        boolean debug,
        Load load) {

    /** The harness of the transport suite ends a test after so long, that of the perf suite after 300 s. */
    static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(180);

    private static final int REDIS_PORT = 6379;

    /** Which contract is in force. */
    enum Suite {
        TRANSPORT(Rendezvous.Manner.LIST),
        /** With lower case names, a fixed key that a proxy rewrites, and JSON in place of YAML. */
        LEGACY_TRANSPORT(Rendezvous.Manner.LIST),
        PERF(Rendezvous.Manner.VALUE);

        private final Rendezvous.Manner manner;

        Suite(Rendezvous.Manner manner) {
            this.manner = manner;
        }
    }

    /** Bytes of one run, and numbers of runs. */
    record Load(long uploadBytes, long downloadBytes, int uploads, int downloads, int latencies) {

        private static final long GIBIBYTE = 1L << 30;
    }

    /**
     * Reads the variables of a process.
     *
     * @param suite {@code transport} or {@code perf}
     * @throws IllegalArgumentException naming the variable that is missing or malformed, or what we do not have
     */
    static Settings of(String suite, Map<String, String> environment) {
        Variables variables = new Variables(environment);
        return switch (suite) {
            case "transport" ->
                environment.containsKey("IS_DIALER") || !environment.containsKey("is_dialer")
                        ? modern(Suite.TRANSPORT, variables)
                        : legacy(variables);
            case "perf" -> modern(Suite.PERF, variables);
            default -> throw new IllegalArgumentException("no suite " + suite + "; there are [perf, transport]");
        };
    }

    private static Settings modern(Suite suite, Variables variables) {
        return new Settings(
                suite,
                variables.flag("IS_DIALER"),
                new Layers(variables.text("TRANSPORT"), variables.layer("SECURE_CHANNEL"), variables.layer("MUXER")),
                variables.text("LISTENER_IP", "0.0.0.0"),
                variables.server("REDIS_ADDR", REDIS_PORT),
                variables.text("TEST_KEY") + "_listener_multiaddr",
                variables.seconds("TEST_TIMEOUT_SECS", DEFAULT_PATIENCE),
                variables.flag("DEBUG", false),
                new Load(
                        variables.number("UPLOAD_BYTES", Load.GIBIBYTE, Long.MAX_VALUE),
                        variables.number("DOWNLOAD_BYTES", Load.GIBIBYTE, Long.MAX_VALUE),
                        variables.count("UPLOAD_ITERATIONS", 10),
                        variables.count("DOWNLOAD_ITERATIONS", 10),
                        variables.count("LATENCY_ITERATIONS", 100)));
    }

    private static Settings legacy(Variables variables) {
        return new Settings(
                Suite.LEGACY_TRANSPORT,
                variables.flag("is_dialer"),
                new Layers(variables.text("transport"), variables.layer("security"), variables.layer("muxer")),
                variables.text("ip", "0.0.0.0"),
                variables.server("redis_addr", REDIS_PORT),
                "listenerAddr",
                variables.seconds("test_timeout_seconds", DEFAULT_PATIENCE),
                false,
                new Load(0, 0, 0, 0, 0));
    }

    Rendezvous rendezvous() {
        return new Rendezvous(redis, suite.manner, key, patience);
    }
}
