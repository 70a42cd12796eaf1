package io.reactivep2p.interop.suite;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The results of one measurement in the form of the perf suite: quartiles, and what lies far outside of them set apart. */
final class Samples {

    /** Tukey's fences. */
    private static final double FENCE = 1.5;

    private final double[] sorted;

    private Samples(double[] sorted) {
        this.sorted = sorted;
    }

    static Samples of(List<Double> values) {
        return new Samples(
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray());
    }

    /** Linear between the two nearest. {@code NaN} of nothing. */
    double percentile(double percent) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double index = percent / 100 * (sorted.length - 1);
        int lower = (int) Math.floor(index);
        int upper = (int) Math.ceil(index);
        double weight = index - lower;
        return lower == upper ? sorted[lower] : sorted[lower] * (1 - weight) + sorted[upper] * weight;
    }

    /** The least that is no outlier. */
    double min() {
        double[] inside = inside(true);
        return inside.length == 0 ? Double.NaN : inside[0];
    }

    /** The greatest that is no outlier. */
    double max() {
        double[] inside = inside(true);
        return inside.length == 0 ? Double.NaN : inside[inside.length - 1];
    }

    double[] outliers() {
        return inside(false);
    }

    private double[] inside(boolean wanted) {
        double reach = FENCE * (percentile(75) - percentile(25));
        double low = percentile(25) - reach;
        double high = percentile(75) + reach;
        return Arrays.stream(sorted)
                .filter(value -> (value >= low && value <= high) == wanted)
                .toArray();
    }

    /**
     * The YAML block that the harness looks for.
     *
     * @param decimals of each number
     */
    String yaml(String name, String unit, int decimals) {
        return String.join(
                        "\n",
                        name + ":",
                        "  iterations: " + sorted.length,
                        "  min: " + text(decimals, min()),
                        "  q1: " + text(decimals, percentile(25)),
                        "  median: " + text(decimals, percentile(50)),
                        "  q3: " + text(decimals, percentile(75)),
                        "  max: " + text(decimals, max()),
                        "  outliers: " + list(decimals, outliers()),
                        "  samples: " + list(decimals, sorted),
                        "  unit: " + unit)
                + "\n";
    }

    private static String list(int decimals, double[] values) {
        return Arrays.stream(values)
                .mapToObj(value -> text(decimals, value))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String text(int decimals, double value) {
        return Double.isNaN(value) ? ".nan" : String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
