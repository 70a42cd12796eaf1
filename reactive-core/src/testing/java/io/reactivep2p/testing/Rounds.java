package io.reactivep2p.testing;

import java.util.Random;

/** Repeats a test with new random input each time, and says on failure how to get that input again. */
public final class Rounds {

    private static final String SEED_PROPERTY = "rounds.seed";

    private Rounds() {}

    /** A test of one random input. */
    @FunctionalInterface
    public interface Round {
        void run(Random random) throws Exception;
    }

    /** Runs {@code count} rounds, or the one round that {@code -Drounds.seed=...} names. */
    public static void of(int count, Round round) {
        Long seed = Long.getLong(SEED_PROPERTY);
        if (seed != null) {
            run(seed, round);
            return;
        }
        Random seeds = new Random();
        for (int i = 0; i < count; i++) {
            run(seeds.nextLong(), round);
        }
    }

    private static void run(long seed, Round round) {
        try {
            round.run(new Random(seed));
        } catch (Throwable failure) {
            throw new AssertionError("failed with -D" + SEED_PROPERTY + "=" + seed + ": " + failure, failure);
        }
    }

    /** Random bytes, at most {@code maxLength}. */
    public static byte[] bytes(Random random, int maxLength) {
        byte[] bytes = new byte[random.nextInt(maxLength + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A copy with some bytes changed, removed, doubled or added. */
    public static byte[] damaged(Random random, byte[] original) {
        byte[] bytes = original.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes = java.util.Arrays.copyOf(bytes, at);
                default -> bytes = java.util.Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(4));
            }
        }
        return bytes;
    }
}
