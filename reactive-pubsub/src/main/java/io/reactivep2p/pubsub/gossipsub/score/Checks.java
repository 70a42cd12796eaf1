package io.reactivep2p.pubsub.gossipsub.score;

import java.time.Duration;

/** What parameters must be. */
final class Checks {

    private Checks() {}

    static void finite(double value, String what) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("the " + what + " is " + value + "; expected a finite number");
        }
    }

    static void notNegative(double value, String what) {
        finite(value, what);
        if (value < 0) {
            throw new IllegalArgumentException("the " + what + " is " + value + "; expected 0 or more");
        }
    }

    /** The weight of what is a penalty. */
    static void penalty(double weight, String what) {
        finite(weight, what);
        if (weight > 0) {
            throw new IllegalArgumentException("the " + what + " is " + weight + "; expected 0 or less");
        }
    }

    /** What a counter is multiplied with; 1 for never, which other implementations do not take. */
    static void decay(double value, String what) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException("the " + what + " is " + value + "; expected more than 0 and at most 1");
        }
    }

    static void positive(double value, String what) {
        finite(value, what);
        if (value <= 0) {
            throw new IllegalArgumentException("the " + what + " is " + value + "; expected more than 0");
        }
    }

    static void notNegative(Duration value, String what) {
        if (value.isNegative()) {
            throw new IllegalArgumentException("the " + what + " is " + value + "; expected 0 or more");
        }
    }

    static void positive(Duration value, String what) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("the " + what + " is " + value + "; expected more than 0");
        }
    }
}
