package io.reactivep2p.archfixture.style;

import io.reactivep2p.connection.SansIo;

@SansIo
final class ClockReadingSession {
    long now() {
        return System.nanoTime();
    }
}
