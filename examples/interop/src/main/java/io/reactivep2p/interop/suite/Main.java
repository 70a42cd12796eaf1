package io.reactivep2p.interop.suite;

import io.reactivep2p.host.Host;
import io.reactivep2p.interop.gossip.GossipSuite;
import java.io.PrintStream;
import java.util.Map;

/** Plays a role in libp2p's public interoperability suites: {@code java -jar interop.jar [transport | perf | --params FILE]}. See the packages. */
public final class Main {

    private static final String DEFAULT_SUITE = "transport";

    private Main() {}

    /** Ends the process by itself: a dialer that lingers is killed by the harness, which would count as a failure. */
    public static void main(String[] arguments) {
        int code = run(arguments, System.getenv(), System.out, System.err);
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }

    /**
     * Plays the role to its end; a listener's comes with the end of its process, or when {@code Thread.interrupt} says so.
     *
     * @return 0 when all went well, 1 when it failed, 2 when the variables or the arguments ask for what there is not
     */
    static int run(String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
        if (arguments.length > 0 && arguments[0].equals(GossipSuite.PARAMS)) {
            return GossipSuite.run(arguments, out, err);
        }
        Settings settings;
        try {
            if (arguments.length > 1) {
                throw new IllegalArgumentException("expected one argument, the suite: transport or perf");
            }
            settings = Settings.of(arguments.length == 0 ? DEFAULT_SUITE : arguments[0], environment);
        } catch (IllegalArgumentException unfit) {
            err.println(unfit.getMessage());
            return 2;
        }
        if (settings.debug()) {
            System.setProperty("org.slf4j.simpleLogger.log.io.reactivep2p", "debug");
        }
        try {
            Program program = new Program(settings, System::nanoTime, err::println);
            if (settings.dialer()) {
                out.print(program.dial());
            } else {
                Host host = program.listen();
                host.onDispose().block();
            }
            return 0;
        } catch (RuntimeException failure) {
            failure.printStackTrace(err);
            return 1;
        }
    }
}
