package io.reactivep2p.muxer;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.util.Random;

/** Where the choices of a fuzzed conversation come from. */
public interface Choices {

    boolean more();

    /** Between {@code min} and {@code max}, both of them included. */
    int number(int min, int max);

    static Choices of(FuzzedDataProvider data) {
        return new Choices() {
            @Override
            public boolean more() {
                return data.remainingBytes() > 0;
            }

            @Override
            public int number(int min, int max) {
                return data.consumeInt(min, max);
            }
        };
    }

    /** Up to 200 steps. */
    static Choices of(Random random) {
        int[] left = {random.nextInt(200)};
        return new Choices() {
            @Override
            public boolean more() {
                return left[0]-- > 0;
            }

            @Override
            public int number(int min, int max) {
                return (int) (min + Math.floorMod(random.nextLong(), (long) max - min + 1));
            }
        };
    }
}
