package io.reactivep2p.examples.p2p;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** One JSON object per line, in UTF-8 whatever the platform's charset, flushed line by line. */
final class JsonConsole implements Console {

    private final PrintStream out;
    private final ObjectMapper json = new ObjectMapper();

    JsonConsole(PrintStream out) {
        this.out = out;
    }

    @Override
    public void tell(CliEvent event) {
        byte[] line;
        try {
            line = (json.writeValueAsString(event) + '\n').getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("cannot write " + event + " as JSON", e);
        }
        synchronized (out) {
            out.write(line, 0, line.length);
            out.flush();
        }
    }

    @Override
    public void remark(String text) {}

    @Override
    public Progress progress(String task, long bytes) {
        return Progress.UNWATCHED;
    }
}
