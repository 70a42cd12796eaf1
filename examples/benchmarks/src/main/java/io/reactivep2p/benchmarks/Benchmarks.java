package io.reactivep2p.benchmarks;

import io.reactivep2p.benchmarks.perf.ChildTask;
import io.reactivep2p.benchmarks.perf.PerfCommand;
import java.util.Arrays;

/** {@code java -jar benchmarks.jar perf [options]} or {@code java -jar benchmarks.jar jmh [JMH's arguments]}. */
public final class Benchmarks {

    private static final int USAGE = 2;

    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
        switch (args.length == 0 ? "" : args[0]) {
            case "perf" -> System.exit(PerfCommand.execute(rest));
            case "jmh" -> org.openjdk.jmh.Main.main(rest);
            case ChildTask.ARGUMENT -> System.exit(ChildTask.execute(rest));
            default -> {
                System.err.println("usage: java -jar benchmarks.jar perf [--help] | jmh [-h]");
                System.exit(USAGE);
            }
        }
    }
}
