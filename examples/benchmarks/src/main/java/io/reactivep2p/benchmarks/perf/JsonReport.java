package io.reactivep2p.benchmarks.perf;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One JSON object per figure and line, for programs. */
final class JsonReport implements Report {

    private final PrintStream out;
    private final Environment environment;

    JsonReport(PrintStream out, Environment environment) {
        this.out = out;
        this.environment = environment;
    }

    @Override
    public void begin(Environment where) {}

    @Override
    public void figure(Figure figure) {
        Metric metric = figure.metric();
        Bar bar = metric.bar();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", metric.name());
        fields.put("value", figure.median());
        fields.put("unit", metric.unit());
        fields.put("bar", bar == null ? null : bar.limit());
        fields.put("barIs", bar == null ? null : bar.isLeast() ? "least" : "most");
        fields.put("pass", bar == null ? null : bar.isPassedBy(figure.median()));
        fields.put("median", figure.median());
        fields.put("min", figure.min());
        fields.put("max", figure.max());
        fields.put("runs", figure.runs());
        print(fields);
    }

    @Override
    public void failure(String row, Throwable cause) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", row);
        fields.put("error", cause.toString());
        print(fields);
    }

    private void print(Map<String, @Nullable Object> fields) {
        fields.put("jdk", environment.jdk());
        fields.put("engine", environment.engine().name());
        fields.put("cpu", environment.cpu());
        fields.put("cores", environment.cores());
        fields.put("congestion", environment.congestion());
        out.println(fields.entrySet().stream()
                .map(field -> quoted(field.getKey()) + ":" + json(field.getValue()))
                .collect(Collectors.joining(",", "{", "}")));
    }

    private static String json(@Nullable Object value) {
        return value instanceof String text ? quoted(text) : String.valueOf(value);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c < ' ') {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append(c == '"' || c == '\\' ? "\\" : "").append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
