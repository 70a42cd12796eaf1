package io.reactivep2p.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.host.Host;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.routing.PeerDiscovery;
import io.reactivep2p.testkit.sim.SimNetwork;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class MemoryDiscoveryTest {

    private static final Duration TTL = Duration.ofMinutes(10);

    @Test
    void whatOneAdvertisesTheOthersFindUntilItsTimeIsOver() {
        try (SimNetwork network = SimNetwork.create(spec -> {})) {
            MemoryDiscovery shared = MemoryDiscovery.create(TTL, network::nanoTime);
            Host alice = network.host();
            PeerDiscovery bobs = shared.of(network.host());

            StepVerifier.create(shared.of(alice).advertise("news", Duration.ofHours(1)))
                    .expectNext(TTL)
                    .verifyComplete();
            StepVerifier.create(bobs.findPeers("news", 10))
                    .expectNext(new PeerInfo(alice.id(), alice.addresses()))
                    .verifyComplete();
            StepVerifier.create(bobs.findPeers("sport", 10)).verifyComplete();
            assertThat(shared.advertised("news")).containsExactly(alice.id());

            network.run(TTL);
            StepVerifier.create(bobs.findPeers("news", 10)).verifyComplete();
            assertThat(shared.advertised("news")).isEmpty();
        }
    }

    @Test
    void atMostTheLimitIsFound() {
        try (SimNetwork network = SimNetwork.create(spec -> {})) {
            MemoryDiscovery shared = MemoryDiscovery.create(TTL, network::nanoTime);
            for (int i = 0; i < 5; i++) {
                shared.of(network.host()).advertise("news", TTL).block();
            }

            StepVerifier.create(shared.of(network.host()).findPeers("news", 3))
                    .expectNextCount(3)
                    .verifyComplete();
        }
    }
}
