package io.reactivep2p.archfixture.style;

import io.reactivep2p.connection.SansIo;
import java.time.Instant;

@SansIo
final class InstantReadingSession {
    Instant now() {
        return Instant.now();
    }
}
