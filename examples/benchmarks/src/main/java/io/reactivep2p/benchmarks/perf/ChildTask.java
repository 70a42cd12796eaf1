package io.reactivep2p.benchmarks.perf;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Something measured in a JVM of its own, which a {@link ChildJvm} starts. */
public interface ChildTask {

    /** The first argument of a child's {@code main}. */
    String ARGUMENT = "child";

    /** Begins the line with the figures on a child's output. */
    String RESULT = "figures ";

    /** Measures: a figure for each metric of the row. */
    double[] measure(Scale scale);

    /** The {@code main} of a child: the task's name and the scale. */
    static int execute(String[] args) {
        Map<String, ChildTask> tasks = new HashMap<>(StalledRow.tasks());
        tasks.put(IdleHeapRow.NAME, new IdleHeapTask());
        tasks.put(PubsubHeapRow.NAME, new PubsubHeapTask());
        tasks.put(PubsubSlowRow.NAME, new PubsubSlowTask());
        ChildTask task = tasks.get(args[0]);
        if (task == null) {
            throw new IllegalArgumentException("no task " + args[0]);
        }
        double[] figures = task.measure(Scale.valueOf(args[1]));
        System.out.println(
                RESULT + Arrays.stream(figures).mapToObj(Double::toString).collect(Collectors.joining(" ")));
        return 0;
    }
}
