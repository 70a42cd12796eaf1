package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.benchmarks.Benchmarks;
import io.reactivep2p.security.noise.Noise;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a {@link ChildTask} in a JVM of the same kind and class path, with the cipher engine of this one. */
final class ChildJvm {

    private static final int NATIVE_ACCESS_WARNING_SINCE = 24;

    private ChildJvm() {}

    /** Blocks until the child has ended. What it logs goes where this JVM's log goes. */
    static double[] run(String task, Scale scale, String... jvmArguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(jvmArguments));
        if (Runtime.version().feature() >= NATIVE_ACCESS_WARNING_SINCE) {
            command.add("--enable-native-access=ALL-UNNAMED"); // the manifest's word, which -cp does not heed
        }
        String engine = System.getProperty(Noise.ENGINE_PROPERTY);
        if (engine != null) {
            command.add("-D" + Noise.ENGINE_PROPERTY + "=" + engine);
        }
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                Benchmarks.class.getName(),
                ChildTask.ARGUMENT,
                task,
                scale.name()));
        try {
            return figures(command);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a child ran", e);
        }
    }

    private static double[] figures(List<String> command) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = child.inputReader()) {
            double @Nullable [] figures = null;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(ChildTask.RESULT)) {
                    figures = Arrays.stream(
                                    line.substring(ChildTask.RESULT.length()).split(" "))
                            .mapToDouble(Double::parseDouble)
                            .toArray();
                }
            }
            int code = child.waitFor();
            if (figures == null) {
                throw new IllegalStateException("the child JVM ended with " + code + " and without figures");
            }
            return figures;
        } finally {
            child.destroy();
        }
    }
}
