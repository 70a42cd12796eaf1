package io.reactivep2p.archfixture.style;

import io.reactivep2p.connection.SansIo;
import java.util.Random;

@SansIo
final class DiceThrowingSession {
    int next() {
        return new Random().nextInt();
    }

    double another() {
        return Math.random();
    }
}
