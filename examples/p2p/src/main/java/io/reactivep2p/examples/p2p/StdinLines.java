package io.reactivep2p.examples.p2p;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Lines of UTF-8 text from a blocking stream, each read when it is requested, on a thread of its own. */
final class StdinLines {

    private static final int TTL_SECONDS = 60;

    private StdinLines() {}

    static Flux<String> of(InputStream in) {
        return Flux.defer(() -> {
            Scheduler reader = Schedulers.newBoundedElastic(1, 1, "p2p-stdin", TTL_SECONDS, true);
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            return Flux.<String>generate(sink -> next(lines, sink))
                    .subscribeOn(reader)
                    .doFinally(end -> reader.dispose());
        });
    }

    private static void next(BufferedReader lines, SynchronousSink<String> sink) {
        try {
            String line = lines.readLine();
            if (line == null) {
                sink.complete();
            } else {
                sink.next(line);
            }
        } catch (IOException e) {
            sink.error(new UncheckedIOException("cannot read stdin: " + e.getMessage(), e));
        }
    }
}
