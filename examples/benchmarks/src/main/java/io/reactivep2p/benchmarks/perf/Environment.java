package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.security.noise.AeadEngine;
import io.reactivep2p.security.noise.Noise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where it is measured.
 *
 * @param feature the number of the JDK's release
 * @param congestion the control of congestion that new TCP connections begin with; it moves the rate of a stream over loopback by a
 *     third
 * @param engine who computes the cipher of Noise
 */
record Environment(String jdk, int feature, String cpu, int cores, String congestion, AeadEngine engine) {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path CONGESTION = Path.of("/proc/sys/net/ipv4/tcp_congestion_control");

    /** Chooses the cipher engine where that has not been done. */
    static Environment current() {
        return new Environment(
                Runtime.version().toString(),
                Runtime.version().feature(),
                cpuModel(),
                Runtime.getRuntime().availableProcessors(),
                congestionControl(),
                Noise.create().engine());
    }

    private static String cpuModel() {
        if (Files.isReadable(CPU_INFO)) {
            try (Stream<String> lines = Files.lines(CPU_INFO)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse(architecture());
            } catch (IOException unreadable) {
                return architecture();
            }
        }
        return architecture();
    }

    private static String congestionControl() {
        try {
            return Files.readString(CONGESTION).strip();
        } catch (IOException notThere) {
            return "unknown";
        }
    }

    private static String architecture() {
        return System.getProperty("os.arch", "unknown");
    }
}
