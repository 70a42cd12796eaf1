package io.reactivep2p.archfixture.style;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

final class WaitingClass {
    void one() {
        Mono.empty().block();
    }

    void last() {
        Flux.empty().blockLast();
    }

    void joined() {
        Mono.empty().toFuture().join();
    }
}
