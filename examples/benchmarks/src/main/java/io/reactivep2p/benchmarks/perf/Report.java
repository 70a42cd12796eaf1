package io.reactivep2p.benchmarks.perf;

/** Where results go. */
interface Report {

    void begin(Environment environment);

    void figure(Figure figure);

    void failure(String row, Throwable cause);
}
