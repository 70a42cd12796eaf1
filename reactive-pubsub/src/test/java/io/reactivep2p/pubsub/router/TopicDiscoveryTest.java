package io.reactivep2p.pubsub.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.host.Host;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.pubsub.Overflow;
import io.reactivep2p.pubsub.Pubsub;
import io.reactivep2p.pubsub.floodsub.Floodsub;
import io.reactivep2p.pubsub.gossipsub.TestPeers;
import io.reactivep2p.routing.PeerDiscovery;
import io.reactivep2p.testkit.MemoryDiscovery;
import io.reactivep2p.testkit.sim.SimNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Nodes that find each other by topic on virtual time, and discoveries that are no good. */
class TopicDiscoveryTest {

    private static final String TOPIC = "news";
    private static final String NAMESPACE = "floodsub:news";
    private static final Duration TTL = Duration.ofMinutes(20);
    private static final Duration MOMENT = Duration.ofSeconds(5);

    private final SimNetwork network = SimNetwork.create(spec -> {});
    private final MemoryDiscovery shared = MemoryDiscovery.create(TTL, network::nanoTime);

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void manyNodesThatKnowNobodyFindEachOtherByTopic() {
        List<Pubsub> nodes = new ArrayList<>();
        List<byte[]> heard = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Host host = network.host();
            Pubsub node = node(host, shared.of(host));
            node.topic(TOPIC).messages(Overflow.dropNewest(100)).subscribe(message -> heard.add(message.payload()));
            nodes.add(node);
            network.run(Duration.ofMillis(200));
        }
        network.run(MOMENT);

        nodes.get(29).topic(TOPIC).publish(new byte[10]).subscribe();
        network.run(MOMENT);

        assertThat(heard).hasSize(30);
        assertThat(nodes)
                .allSatisfy(node -> assertThat(node.topic(TOPIC).peers()).hasSizeGreaterThanOrEqualTo(5));
    }

    @Test
    void aPublisherThatHasNotJoinedFindsSubscribers() {
        Host alice = network.host();
        Host bob = network.host();
        Pubsub publisher = node(alice, shared.of(alice));
        List<byte[]> heard = new ArrayList<>();
        node(bob, shared.of(bob))
                .topic(TOPIC)
                .messages(Overflow.dropNewest(100))
                .subscribe(message -> heard.add(message.payload()));
        network.run(MOMENT);

        publisher.topic(TOPIC).publish(new byte[1]).subscribe();
        network.run(MOMENT);
        publisher.topic(TOPIC).publish(new byte[2]).subscribe();
        network.run(MOMENT);

        assertThat(heard).containsExactly(new byte[2]);
        assertThat(shared.advertised(NAMESPACE)).containsExactly(bob.id());
    }

    @Test
    void aTopicIsAdvertisedForAsLongAsItIsJoinedAndNoLonger() {
        Host alice = network.host();
        Disposable joined = join(node(alice, shared.of(alice)));

        for (int i = 0; i < 60; i++) {
            network.run(Duration.ofMinutes(3));
            assertThat(shared.advertised(NAMESPACE)).containsExactly(alice.id());
        }
        joined.dispose();
        network.run(TTL);

        assertThat(shared.advertised(NAMESPACE)).isEmpty();
    }

    @Test
    void aDiscoveryThatFailsIsAskedAgain() {
        Host alice = network.host();
        Host bob = network.host();
        join(node(bob, shared.of(bob)));
        PeerDiscovery good = shared.of(alice);
        AtomicInteger failures = new AtomicInteger();
        Pubsub pubsub = node(alice, new Given() {
            @Override
            public Mono<Duration> advertise(String namespace, Duration ttl) {
                if (failures.incrementAndGet() <= 3) {
                    throw new IllegalStateException("on purpose");
                }
                return good.advertise(namespace, ttl);
            }

            @Override
            public Flux<PeerInfo> findPeers(String namespace, int limit) {
                return failures.incrementAndGet() <= 6
                        ? Flux.error(new IllegalStateException("on purpose"))
                        : good.findPeers(namespace, limit);
            }
        });
        join(pubsub);
        network.run(Duration.ofMillis(500));
        assertThat(pubsub.peers()).isEmpty();

        network.run(Duration.ofMinutes(5));

        assertThat(failures).hasValueGreaterThan(6);
        assertThat(shared.advertised(NAMESPACE)).contains(alice.id());
        assertThat(pubsub.topic(TOPIC).peers()).containsExactly(bob.id());
    }

    @Test
    void whatNeverAnswersIsGivenUpAndAskedAgain() {
        List<String> log = new ArrayList<>();
        join(node(network.host(), new Given() {
            @Override
            public Mono<Duration> advertise(String namespace, Duration ttl) {
                return Mono.<Duration>never()
                        .doOnSubscribe(any -> log.add("advertise"))
                        .doOnCancel(() -> log.add("no longer advertise"));
            }

            @Override
            public Flux<PeerInfo> findPeers(String namespace, int limit) {
                return Flux.never();
            }
        }));

        network.run(Duration.ofMinutes(2));

        assertThat(log).containsExactly("advertise", "no longer advertise", "advertise");
    }

    @Test
    void closingCancelsWhatIsUnderWayAndAsksNoMore() {
        List<String> log = new ArrayList<>();
        Pubsub pubsub = node(network.host(), new Given() {
            @Override
            public Mono<Duration> advertise(String namespace, Duration ttl) {
                return Mono.<Duration>never().doOnCancel(() -> log.add("no longer advertise"));
            }

            @Override
            public Flux<PeerInfo> findPeers(String namespace, int limit) {
                return Flux.<PeerInfo>never()
                        .doOnSubscribe(any -> log.add("search"))
                        .doOnCancel(() -> log.add("no longer search"));
            }
        });
        join(pubsub);
        network.run(Duration.ofMillis(1));
        assertThat(log).containsExactly("search");

        pubsub.dispose();
        network.run(Duration.ofMinutes(10));

        assertThat(log).containsExactlyInAnyOrder("search", "no longer advertise", "no longer search");
        assertThat(pubsub.isDisposed()).isTrue();
    }

    @Test
    void leavingCancelsTheSearch() {
        AtomicInteger searching = new AtomicInteger();
        Disposable joined = join(node(network.host(), new Given() {
            @Override
            public Flux<PeerInfo> findPeers(String namespace, int limit) {
                return Flux.<PeerInfo>never()
                        .doOnSubscribe(any -> searching.incrementAndGet())
                        .doOnCancel(searching::decrementAndGet);
            }
        }));
        network.run(Duration.ofMillis(1));
        assertThat(searching).hasValue(1);

        joined.dispose();
        network.run(Duration.ofMinutes(10));

        assertThat(searching).hasValue(0);
    }

    @Test
    void endlessPeersAreTakenOneAtATimeAndNotForLong() {
        AtomicInteger emitted = new AtomicInteger();
        Host alice = network.host();
        join(node(alice, new Given() {
            @Override
            public Flux<PeerInfo> findPeers(String namespace, int limit) {
                return Flux.generate(sink -> sink.next(nobody(emitted.incrementAndGet())));
            }
        }));

        network.run(Duration.ofMillis(500));

        assertThat(emitted).hasValue(TopicDiscoveryState.MAX_DIALS);
        assertThat(alice.connections()).isEmpty();
    }

    @Test
    void whoEmitsWithoutEndAndCannotBeCancelledHarmsNothing() {
        AtomicInteger cancelled = new AtomicInteger();
        Pubsub pubsub = node(network.host(), new Given() {
            @Override
            public Flux<PeerInfo> findPeers(String namespace, int limit) {
                return Flux.from(subscriber -> {
                    subscriber.onSubscribe(new Subscription() {
                        @Override
                        public void request(long n) {}

                        @Override
                        public void cancel() {
                            cancelled.incrementAndGet();
                            throw new IllegalStateException("on purpose");
                        }
                    });
                    IntStream.range(0, 100_000).forEach(i -> subscriber.onNext(nobody(i)));
                });
            }
        });
        join(pubsub);

        network.run(Duration.ofMillis(500));
        assertThat(cancelled).hasValueGreaterThanOrEqualTo(1);

        pubsub.dispose();
        network.run(MOMENT);
        assertThat(pubsub.onDispose().toFuture()).isDone();
    }

    @Test
    void floodsubSearchesNoMoreWithFivePeers() {
        Host alice = network.host();
        PeerDiscovery good = shared.of(alice);
        AtomicInteger searches = new AtomicInteger();
        join(node(alice, new Given() {
            @Override
            public Mono<Duration> advertise(String namespace, Duration ttl) {
                return good.advertise(namespace, ttl);
            }

            @Override
            public Flux<PeerInfo> findPeers(String namespace, int limit) {
                searches.incrementAndGet();
                return good.findPeers(namespace, limit);
            }
        }));
        for (int i = 0; i < 4; i++) {
            Host host = network.host();
            join(node(host, shared.of(host)));
        }
        network.run(Duration.ofMinutes(5));
        int withFour = searches.get();
        network.run(Duration.ofMinutes(5));
        assertThat(searches).hasValueGreaterThan(withFour);

        Host fifth = network.host();
        join(node(fifth, shared.of(fifth)));
        network.run(MOMENT);
        int withFive = searches.get();
        network.run(Duration.ofMinutes(5));

        assertThat(searches).hasValue(withFive);
    }

    @Test
    void badPeersAreSkippedAndTheGoodOneIsConnected() {
        Host alice = network.host();
        Host bob = network.host();
        join(node(bob, new Given()));
        PeerInfo toldOfBob = new PeerInfo(bob.id(), bob.addresses());
        PeerId impostor = TestPeers.peer(7);
        Pubsub pubsub = node(alice, new Given() {
            @Override
            public Flux<PeerInfo> findPeers(String namespace, int limit) {
                return Flux.just(
                        new PeerInfo(alice.id(), alice.addresses()),
                        new PeerInfo(TestPeers.peer(6), List.of()),
                        nobody(1),
                        new PeerInfo(impostor, bob.addresses()),
                        toldOfBob);
            }
        });
        join(pubsub);

        network.run(MOMENT);

        assertThat(pubsub.peers()).containsExactly(bob.id());
        assertThat(alice.connections())
                .allSatisfy(connection -> assertThat(connection.remotePeer()).isEqualTo(bob.id()));
    }

    @Test
    void withoutADiscoveryNobodyIsSearchedFor() {
        Host alice = network.host();
        Host bob = network.host();
        Pubsub pubsub = Floodsub.create(alice, spec -> spec.timer(network.scheduler())
                .nanoClock(network::nanoTime)
                .verification(Schedulers.immediate())
                .random(network.randomness()));
        join(pubsub);
        join(node(bob, shared.of(bob)));

        network.run(Duration.ofMinutes(1));

        assertThat(pubsub.peers()).isEmpty();
        assertThat(shared.advertised(NAMESPACE)).containsExactly(bob.id());
    }

    /** Knows nobody and takes everything. */
    private static class Given implements PeerDiscovery {

        @Override
        public Mono<Duration> advertise(String namespace, Duration ttl) {
            return Mono.just(ttl);
        }

        @Override
        public Flux<PeerInfo> findPeers(String namespace, int limit) {
            return Flux.empty();
        }
    }

    private Pubsub node(Host host, PeerDiscovery discovery) {
        return Floodsub.create(host, spec -> spec.timer(network.scheduler())
                .nanoClock(network::nanoTime)
                .verification(Schedulers.immediate())
                .random(network.randomness())
                .discovery(discovery));
    }

    private static Disposable join(Pubsub pubsub) {
        return pubsub.topic(TOPIC).messages(Overflow.dropNewest(100)).subscribe();
    }

    private static PeerInfo nobody(int number) {
        return new PeerInfo(TestPeers.peer(1_000 + number), List.of(nobodysAddress(number)));
    }

    private static Multiaddr nobodysAddress(int number) {
        return Multiaddr.of("/ip4/192.0.2." + number % 250 + "/tcp/4001");
    }
}
