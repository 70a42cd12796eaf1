package io.reactivep2p.archfixture.style;

import io.reactivep2p.connection.SansIo;
import reactor.core.publisher.Mono;

@SansIo
final class SubscribingSession {
    Mono<Void> later;
}
