package io.reactivep2p.pubsub.router;

import io.reactivep2p.host.Host;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.pubsub.PubsubOptions;
import io.reactivep2p.routing.PeerDiscovery;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Does what a {@link TopicDiscoveryState} wants done: asks the discovery, which works on the timer's threads, and has the peers that it
 * finds dialed. Does nothing where there is no discovery. Only touched in the serial section.
 */
final class TopicDiscovery implements PeerSearch.Owner {

    /** How often it is looked whether a topic has enough peers (go-libp2p-pubsub). */
    static final Duration TICK = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(TopicDiscovery.class);

    private final Host host;
    private final PubsubOptions options;
    private final SerialSection section;
    private final PeerDialer dialer;
    private final TopicDiscoveryState state;

    /** {@code null} where there is none, and after the end. */
    private @Nullable PeerDiscovery discovery;

    private final Map<String, Disposable> advertisements = new HashMap<>();
    private final Map<String, PeerSearch> searches = new HashMap<>();
    private @Nullable Disposable ticking;

    TopicDiscovery(
            Host host, PubsubOptions options, SerialSection section, PeerDialer dialer, Predicate<String> hasEnough) {
        this.host = host;
        this.options = options;
        this.section = section;
        this.dialer = dialer;
        this.discovery = options.discovery();
        this.state = new TopicDiscoveryState(host.id(), hasEnough, options.random());
    }

    void joined(String topic) {
        if (discovery != null) {
            state.onJoined(topic, now());
            perform();
        }
    }

    void left(String topic) {
        if (discovery != null) {
            state.onLeft(topic, now());
            perform();
        }
    }

    void published(String topic) {
        if (discovery != null) {
            state.onPublished(topic, now());
            perform();
        }
    }

    private void tick() {
        if (discovery != null) {
            state.onTick(now());
            perform();
        }
    }

    private void perform() {
        PeerDiscovery asked = discovery;
        if (asked == null) {
            return;
        }
        for (TopicDiscoveryState.Output next = state.pollOutput(); next != null; next = state.pollOutput()) {
            if (next instanceof TopicDiscoveryState.Output.Advertise advertise) {
                advertise(asked, advertise.topic());
            } else if (next instanceof TopicDiscoveryState.Output.StopAdvertising stop) {
                stop(advertisements.remove(stop.topic()));
            } else if (next instanceof TopicDiscoveryState.Output.Search search) {
                search(asked, search.topic());
            } else if (next instanceof TopicDiscoveryState.Output.StopSearch stop) {
                stop(searches.remove(stop.topic()));
            } else if (next instanceof TopicDiscoveryState.Output.Dial dial) {
                dialer.dial(dial.peer().id(), dial.peer().addresses());
            }
        }
        arm();
    }

    private void arm() {
        if (state.isIdle() && ticking != null) {
            ticking.dispose();
            ticking = null;
        } else if (!state.isIdle() && ticking == null) {
            ticking = options.timer()
                    .schedulePeriodically(
                            () -> section.execute(this::tick), TICK.toNanos(), TICK.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    // ---- advertising

    private void advertise(PeerDiscovery asked, String topic) {
        Disposable.Swap under = Disposables.swap();
        advertisements.put(topic, under);
        under.update(Mono.defer(() -> asked.advertise(TopicDiscoveryState.namespace(topic), TopicDiscoveryState.TTL))
                .defaultIfEmpty(Duration.ZERO)
                .subscribeOn(options.timer())
                .subscribe(
                        granted -> section.execute(() -> advertised(topic, under, granted)),
                        cause -> section.execute(() -> notAdvertised(topic, under, cause))));
    }

    private void advertised(String topic, Disposable under, Duration granted) {
        if (advertisements.remove(topic, under)) {
            state.onAdvertised(topic, granted, now());
            perform();
        }
    }

    private void notAdvertised(String topic, Disposable under, Throwable cause) {
        if (advertisements.remove(topic, under)) {
            LOG.debug("the topic {} could not be advertised", topic, cause);
            state.onAdvertiseFailed(topic, now());
            perform();
        }
    }

    // ---- searching

    private void search(PeerDiscovery asked, String topic) {
        PeerSearch search = new PeerSearch(topic, section, this);
        searches.put(topic, search);
        Flux.defer(() -> asked.findPeers(TopicDiscoveryState.namespace(topic), TopicDiscoveryState.MAX_FOUND))
                .subscribeOn(options.timer())
                .subscribe(search);
    }

    @Override
    public void found(PeerSearch search, PeerInfo peer) {
        if (searches.get(search.topic) == search) {
            state.onFound(search.topic, peer, !host.connections(peer.id()).isEmpty(), now());
            perform();
        }
        if (searches.get(search.topic) == search) {
            search.more();
        }
    }

    @Override
    public void ended(PeerSearch search, @Nullable Throwable cause) {
        if (searches.remove(search.topic, search)) {
            stop(search);
            if (cause != null) {
                LOG.debug("no peers found of the topic {}", search.topic, cause);
            }
            state.onSearchEnded(search.topic, now());
            perform();
        }
    }

    // ---- the end

    void close() {
        discovery = null;
        if (ticking != null) {
            ticking.dispose();
        }
        List.copyOf(advertisements.values()).forEach(TopicDiscovery::stop);
        List.copyOf(searches.values()).forEach(TopicDiscovery::stop);
        advertisements.clear();
        searches.clear();
    }

    /** A publisher that does not even let itself be cancelled must not keep others from being closed. */
    private static void stop(@Nullable Disposable asking) {
        if (asking == null) {
            return;
        }
        try {
            asking.dispose();
        } catch (Throwable thrown) {
            Exceptions.throwIfJvmFatal(thrown);
            LOG.warn("a discovery failed to be cancelled", thrown);
        }
    }

    private long now() {
        return options.nanoClock().getAsLong();
    }
}
