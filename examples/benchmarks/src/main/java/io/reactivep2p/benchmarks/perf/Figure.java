package io.reactivep2p.benchmarks.perf;

import java.util.Arrays;
import java.util.Locale;

/** What several runs gave for one metric. */
record Figure(Metric metric, double median, double min, double max, int runs) {

    static Figure of(Metric metric, double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Figure(metric, median, sorted[0], sorted[sorted.length - 1], sorted.length);
    }

    /** Three digits of a small number, all digits before the point of a large one. */
    static String text(double value) {
        String format = Math.abs(value) >= 100 ? "%.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
