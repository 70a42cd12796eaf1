package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.event.EventHub;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedTransport;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peerstore.Peerstore;
import io.reactivep2p.resource.Limits;
import io.reactivep2p.testing.FakeMuxedConnection;
import io.reactivep2p.testing.ManualEventExecutor;
import io.reactivep2p.testing.PlainTestSecurity;
import io.reactivep2p.testing.TestMuxer;
import io.reactivep2p.transport.AddressResolver;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.Transport;
import io.reactivep2p.transport.TransportException;
import io.reactivep2p.upgrade.ConnectionUpgrader;
import io.reactivep2p.upgrade.UpgraderOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A dialer whose transport, time and table are the test's. */
final class DialFixture {

    static final PeerId PEER = PeerId.of(KeyPair.ofSeed(new byte[32]).publicKey());
    static final PeerId OTHER = PeerId.of(KeyPair.ofSeed(seed(1)).publicKey());
    static final KeyPair IDENTITY = KeyPair.ofSeed(seed(2));

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final EventExecutor loop = new ManualEventExecutor();
    final Peerstore peerstore = Peerstore.inMemory();
    final Roads roads = new Roads();
    final List<Multiaddr> own = new ArrayList<>();
    final Map<PeerId, Connection> table = new ConcurrentHashMap<>();
    final List<Transport> transports = new ArrayList<>(List.of(roads));
    AddressResolver resolver = AddressResolver.NONE;
    DialRanker ranker = DialRanker.STANDARD;
    Limits limits = Limits.defaults();
    Consumer<MuxedConnection> admission = muxed -> {};
    private @Nullable Dialer dialer;

    private static byte[] seed(int fill) {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) fill);
        return seed;
    }

    Dialer dialer() {
        if (dialer == null) {
            ConnectionUpgrader upgrader = ConnectionUpgrader.create(
                    IDENTITY,
                    List.of(PlainTestSecurity.create()),
                    List.of(TestMuxer.create()),
                    UpgraderOptions.defaults());
            SwarmOptions options = new SwarmOptions(
                    IDENTITY,
                    transports,
                    upgrader,
                    name -> resolver.resolve(name),
                    addresses -> ranker.rank(addresses),
                    limits,
                    SwarmOptions.DEFAULT_NEGOTIATION_TIMEOUT,
                    peerstore,
                    new EventHub<>(),
                    () -> time.now(TimeUnit.NANOSECONDS),
                    time);
            dialer = new Dialer(options, () -> own, table::get, this::admit);
        }
        return dialer;
    }

    private Connection admit(MuxedConnection muxed) {
        admission.accept(muxed);
        Connection connection =
                new DefaultConnection(muxed, new NoStreams(), peerstore, 1, SwarmOptions.DEFAULT_NEGOTIATION_TIMEOUT);
        table.put(muxed.remotePeer(), connection);
        muxed.onDispose().subscribe(null, null, () -> table.remove(muxed.remotePeer(), connection));
        return connection;
    }

    Call dial(String... addresses) {
        return new Call(dialer().dial(PEER, addresses(addresses)));
    }

    static List<Multiaddr> addresses(String... addresses) {
        return Arrays.stream(addresses).map(Multiaddr::of).toList();
    }

    void remember(String... addresses) {
        peerstore.addAddresses(PEER, addresses(addresses), Peerstore.ADDRESS_TTL);
    }

    void advance(long millis) {
        time.advanceTimeBy(Duration.ofMillis(millis));
    }

    FakeMuxedConnection muxed(PeerId remote) {
        return new FakeMuxedConnection(loop, remote);
    }

    /** One who dials, and what became of it. */
    static final class Call {

        private final List<Connection> connections = new CopyOnWriteArrayList<>();
        private final List<Throwable> failures = new CopyOnWriteArrayList<>();
        private final Disposable subscription;

        Call(Mono<Connection> dial) {
            subscription = dial.subscribe(connections::add, failures::add);
        }

        void cancel() {
            subscription.dispose();
        }

        boolean isOpen() {
            return connections.isEmpty() && failures.isEmpty();
        }

        Connection connection() {
            assertThat(failures).isEmpty();
            assertThat(connections).hasSize(1);
            return connections.get(0);
        }

        Throwable failure() {
            assertThat(connections).isEmpty();
            assertThat(failures).hasSize(1);
            return failures.get(0);
        }

        /** The causes, by address. */
        Map<Multiaddr, Throwable> causes() {
            assertThat(failure()).isInstanceOf(DialException.class);
            return ((DialException) failure()).attempts();
        }

        AddressRefusedException.Reason refused(String address) {
            Throwable cause = causes().get(Multiaddr.of(address));
            assertThat(cause).isInstanceOf(AddressRefusedException.class);
            return ((AddressRefusedException) cause).reason();
        }
    }

    /** A transport that dials everything but {@code /tcp} without an IP, and in which nothing happens by itself. */
    static final class Roads implements MuxedTransport {

        private final List<Road> begun = new CopyOnWriteArrayList<>();

        @Override
        public Mono<MuxedConnection> dial(Multiaddr address, KeyPair identity, @Nullable PeerId expectedPeer) {
            return new Road(this, address, expectedPeer);
        }

        @Override
        public Mono<Listener> listen(Multiaddr address, KeyPair identity, Consumer<MuxedConnection> acceptor) {
            return Mono.error(new UnsupportedOperationException());
        }

        @Override
        public boolean canDial(Multiaddr address) {
            return !address.toString().startsWith("/tcp/");
        }

        @Override
        public boolean canListen(Multiaddr address) {
            return false;
        }

        /** What was begun, in order. */
        List<String> begun() {
            return begun.stream().map(road -> road.address.toString()).toList();
        }

        List<String> open() {
            return begun.stream()
                    .filter(road -> !road.cancelled && !road.ended)
                    .map(road -> road.address.toString())
                    .toList();
        }

        /** The last attempt at an address. */
        Road road(String address) {
            Multiaddr wanted = Multiaddr.of(address);
            return begun.stream()
                    .filter(road -> road.address.equals(wanted))
                    .reduce((first, second) -> second)
                    .orElseThrow(() -> new AssertionError(address + " was not begun, but " + begun()));
        }
    }

    /** One attempt. It does not care for cancels, as a connect that completes at the same moment. */
    static final class Road extends Mono<MuxedConnection> implements Subscription {

        final Multiaddr address;
        final @Nullable PeerId expected;
        private final Roads roads;
        volatile boolean cancelled;
        volatile boolean ended;
        private volatile @Nullable CoreSubscriber<? super MuxedConnection> subscriber;

        Road(Roads roads, Multiaddr address, @Nullable PeerId expected) {
            this.roads = roads;
            this.address = address;
            this.expected = expected;
        }

        @Override
        public void subscribe(CoreSubscriber<? super MuxedConnection> actual) {
            subscriber = actual;
            actual.onSubscribe(this);
            roads.begun.add(this);
        }

        void connects(MuxedConnection connection) {
            ended = true;
            subscriber.onNext(connection);
            subscriber.onComplete();
        }

        void fails() {
            fails(new TransportException(address, "on purpose", null));
        }

        void fails(Throwable cause) {
            ended = true;
            subscriber.onError(cause);
        }

        void completes() {
            ended = true;
            subscriber.onComplete();
        }

        @Override
        public void request(long n) {}

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    static InboundStreams noStreams() {
        return new NoStreams();
    }

    private static final class NoStreams implements InboundStreams {

        @Override
        public boolean supports(ProtocolId protocol) {
            return false;
        }

        @Override
        public @Nullable Runnable admit(Connection connection, ProtocolId protocol) {
            return null;
        }

        @Override
        public void serve(ProtocolStream stream) {
            throw new UnsupportedOperationException();
        }
    }
}
