package io.reactivep2p.swarm;

import io.reactivep2p.connection.SansIo;

/**
 * Whether one kind of dial gets anywhere at all, by the last {@value #WINDOW} of them.
 *
 * <pre>
 *   probing --100 results, 5 or more good--&gt; allowed &lt;--- and back, as the window moves ---&gt; blocked
 *      ^                                                                                        |
 *      +--------------------------- one good result: begin anew -------------------------------+
 * </pre>
 *
 * While it is blocked every {@value #WINDOW}th request is let through to see. The figures are go-libp2p's: since the losers of each race
 * count as failures, few successes must be enough, and the window long.
 */
@SansIo
final class BlackHoleCounter {

    static final int WINDOW = 100;
    static final int MIN_SUCCESSES = 5;

    /** What to do with a request. */
    enum Verdict {
        /** Not known enough: let it through, whatever else is known. */
        PROBE,
        ALLOW,
        BLOCK
    }

    private final boolean[] results = new boolean[WINDOW];
    private int count;
    private int next;
    private int successes;
    private int requests;

    private Verdict state() {
        if (count < WINDOW) {
            return Verdict.PROBE;
        }
        return successes >= MIN_SUCCESSES ? Verdict.ALLOW : Verdict.BLOCK;
    }

    /** Somebody wants to dial an address of this kind; asked once for all such addresses of one peer. */
    Verdict onRequest() {
        requests = (requests + 1) % WINDOW;
        Verdict state = state();
        return state == Verdict.BLOCK && requests == 0 ? Verdict.PROBE : state;
    }

    void onResult(boolean success) {
        if (success && state() == Verdict.BLOCK) {
            // A black hole swallows everything, so this is none any more.
            count = 0;
            next = 0;
            successes = 0;
            requests = 0;
            return;
        }
        if (count == WINDOW && results[next]) {
            successes--;
        }
        results[next] = success;
        next = (next + 1) % WINDOW;
        count = Math.min(count + 1, WINDOW);
        if (success) {
            successes++;
        }
    }

    int successes() {
        return successes;
    }
}
