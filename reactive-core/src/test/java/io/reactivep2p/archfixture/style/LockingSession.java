package io.reactivep2p.archfixture.style;

import io.reactivep2p.connection.SansIo;
import java.util.concurrent.locks.ReentrantLock;

@SansIo
final class LockingSession {
    static final class Nested {
        final ReentrantLock lock = new ReentrantLock();
    }
}
