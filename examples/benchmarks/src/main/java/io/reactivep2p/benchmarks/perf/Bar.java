package io.reactivep2p.benchmarks.perf;

/** What a figure must reach. */
record Bar(double limit, boolean isLeast) {

    static Bar atLeast(double limit) {
        return new Bar(limit, true);
    }

    static Bar atMost(double limit) {
        return new Bar(limit, false);
    }

    boolean isPassedBy(double value) {
        return isLeast ? value >= limit : value <= limit;
    }

    @Override
    public String toString() {
        return (isLeast ? ">= " : "<= ") + Figure.text(limit);
    }
}
