package io.reactivep2p.host;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.event.EventHub;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.peerstore.Peerstore;
import io.reactivep2p.record.PeerRecord;
import io.reactivep2p.record.SignedEnvelope;
import io.reactivep2p.resource.Limits;
import io.reactivep2p.swarm.Swarm;
import io.reactivep2p.transport.Listener;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** The host: a swarm, the protocols it serves, the addresses it listens on, and its services. */
public final class DefaultHost implements Host {

    private static final Logger LOG = LoggerFactory.getLogger(DefaultHost.class);

    private final HostOptions options;
    private final PeerId id;
    private final EventHub<HostEvent> events;
    private final ProtocolTable protocols;
    private final Swarm swarm;
    private final ListenerTable listeners = new ListenerTable();
    private final Sinks.Empty<Void> disposed = Sinks.empty();
    private final Mono<Void> closing;
    private volatile @Nullable Signed signed;
    private long sequence;
    private volatile boolean closed;

    private DefaultHost(HostOptions options) {
        this.options = options;
        this.id = PeerId.of(options.swarm().identity().publicKey());
        this.events = options.swarm().events();
        this.protocols = new ProtocolTable(this::protocolsChanged);
        this.swarm = Swarm.create(options.swarm(), protocols, listeners::addresses, this::connectionOpened);
        // Cached, so that closing twice closes once and everyone hears of its end.
        this.closing = Mono.defer(this::closeOnce).cache();
    }

    /** Starts the services, then listens. If an address cannot be bound, what was started is closed again. */
    public static Mono<Host> start(HostOptions options) {
        return Mono.defer(() -> {
            DefaultHost host = new DefaultHost(options);
            return Flux.fromIterable(options.services())
                    .concatMap(service -> service.start(host))
                    .thenMany(Flux.fromIterable(options.listen()).concatMap(host::listen))
                    .then(Mono.<Host>just(host))
                    .onErrorResume(cause -> host.close().then(Mono.error(cause)));
        });
    }

    @Override
    public PeerId id() {
        return id;
    }

    @Override
    public KeyPair identity() {
        return options.swarm().identity();
    }

    @Override
    public List<Multiaddr> addresses() {
        return listeners.addresses();
    }

    @Override
    public List<Multiaddr> fullAddresses() {
        String suffix = "/p2p/" + id;
        return addresses().stream().map(address -> address.encapsulate(suffix)).toList();
    }

    @Override
    public SignedEnvelope peerRecord() {
        Signed known = signed;
        return known != null && known.addresses == addresses() ? known.record : sign();
    }

    /** One at a time, so that a record with a higher sequence number never has older addresses. */
    private synchronized SignedEnvelope sign() {
        List<Multiaddr> now = addresses();
        Signed known = signed;
        if (known != null && known.addresses == now) {
            return known.record;
        }
        sequence = Math.max(sequence + 1, options.millisClock().getAsLong());
        List<Multiaddr> told = now.size() <= PeerRecord.MAX_ADDRESSES ? now : now.subList(0, PeerRecord.MAX_ADDRESSES);
        SignedEnvelope record =
                new PeerRecord(id, sequence, told).seal(options.swarm().identity());
        signed = new Signed(now, record);
        return record;
    }

    @Override
    public Mono<Multiaddr> listen(Multiaddr address) {
        return swarm.listen(address).flatMap(listener -> reachable(listener.address())
                .map(reachable -> opened(listener, reachable))
                .doOnError(cause -> listener.dispose())
                .doOnCancel(listener::dispose));
    }

    private static Mono<List<Multiaddr>> reachable(Multiaddr bound) {
        Mono<List<Multiaddr>> addresses = Mono.fromCallable(() -> ListenAddresses.of(bound));
        return ListenAddresses.isUnspecified(bound)
                ? addresses.subscribeOn(Schedulers.boundedElastic()) // asks the operating system
                : addresses;
    }

    private Multiaddr opened(Listener listener, List<Multiaddr> reachable) {
        Multiaddr bound = listener.address();
        listeners.add(listener, reachable);
        events.publish(new HostEvent.ListenerOpened(bound));
        addressesChanged();
        listener.onDispose().subscribe(null, null, () -> {
            listeners.remove(listener);
            events.publish(new HostEvent.ListenerClosed(bound));
            addressesChanged();
        });
        if (closed) { // closing may have looked for listeners a moment before
            listener.dispose();
        }
        return bound;
    }

    private void addressesChanged() {
        events.publish(new HostEvent.AddressesChanged(addresses()));
    }

    private void protocolsChanged() {
        events.publish(new HostEvent.ProtocolsChanged(protocols.protocols()));
    }

    private void connectionOpened(Connection connection) {
        for (HostService service : options.services()) {
            try {
                service.connectionOpened(connection);
            } catch (RuntimeException failure) {
                LOG.warn("{} failed on the {}", service.getClass().getName(), connection, failure);
            }
        }
    }

    @Override
    public Mono<Connection> dial(PeerId peer) {
        return swarm.dial(peer, List.of());
    }

    @Override
    public Mono<Connection> dial(PeerInfo peer) {
        return Mono.defer(() -> {
            peerstore().addAddresses(peer.id(), peer.addresses(), Peerstore.ADDRESS_TTL);
            return swarm.dial(peer.id(), peer.addresses());
        });
    }

    @Override
    public Mono<Connection> dial(Multiaddr address) {
        Optional<PeerId> peer = PeerId.in(address);
        if (peer.isEmpty()) {
            return swarm.dial(address);
        }
        Optional<Multiaddr> bare = address.decapsulate(Multiaddr.of("/p2p/" + peer.get()));
        return bare.isEmpty() ? dial(peer.get()) : dial(new PeerInfo(peer.get(), List.of(bare.get())));
    }

    @Override
    public Mono<Connection> dial(String address) {
        return Mono.defer(() -> dial(Multiaddr.of(address)));
    }

    @Override
    public Mono<ProtocolStream> open(PeerId peer, ProtocolId protocol) {
        return dial(peer).flatMap(connection -> connection.open(protocol));
    }

    @Override
    public Collection<Connection> connections() {
        return swarm.connections();
    }

    @Override
    public List<Connection> connections(PeerId peer) {
        return swarm.connections(peer);
    }

    @Override
    public Disposable handle(ProtocolId protocol, ProtocolHandler handler) {
        Limits limits = options.swarm().limits();
        return handle(
                protocol,
                new HandlerOptions(limits.streamsPerProtocol(), limits.streamsPerProtocolAndConnection()),
                handler);
    }

    @Override
    public Disposable handle(ProtocolId protocol, HandlerOptions handlerOptions, ProtocolHandler handler) {
        return protocols.register(protocol, handlerOptions, handler);
    }

    @Override
    public <Q, A> Disposable handle(
            RequestResponse<Q, A> protocol,
            BiFunction<? super PeerId, ? super Q, ? extends Publisher<? extends A>> answer) {
        return handle(protocol.protocol(), stream -> stream.receive(protocol.requests())
                .next()
                .flatMap(
                        request -> Mono.<A>from(answer.apply(stream.connection().remotePeer(), request)))
                .flatMap(answered -> stream.send(protocol.answers(), answered)));
    }

    @Override
    public Flux<ProtocolStream> streams(ProtocolId protocol) {
        return Flux.<ProtocolStream>create(
                sink -> {
                    try {
                        sink.onDispose(handle(protocol, stream -> offer(sink, stream)));
                    } catch (IllegalStateException servedAlready) {
                        sink.error(servedAlready);
                    }
                },
                FluxSink.OverflowStrategy.IGNORE);
    }

    /** Never completes by itself: the subscriber ends the stream. */
    private static Mono<Void> offer(FluxSink<ProtocolStream> sink, ProtocolStream stream) {
        if (sink.isCancelled() || sink.requestedFromDownstream() == 0) {
            stream.reset(ErrorCode.RESOURCE_LIMIT_EXCEEDED);
            return Mono.empty();
        }
        sink.next(stream);
        return Mono.never();
    }

    @Override
    public Set<ProtocolId> protocols() {
        return protocols.protocols();
    }

    @Override
    public Flux<HostEvent> events() {
        return events.events();
    }

    @Override
    public <E extends HostEvent> Flux<E> events(Class<E> kind) {
        return events.events().ofType(kind);
    }

    @Override
    public void publish(HostEvent event) {
        events.publish(event);
    }

    @Override
    public Peerstore peerstore() {
        return options.swarm().peerstore();
    }

    @Override
    public Mono<Void> close() {
        return closing;
    }

    private Mono<Void> closeOnce() {
        closed = true;
        return Flux.fromIterable(options.services())
                .concatMap(service -> service.stop().onErrorComplete())
                .thenMany(Flux.fromIterable(listeners.all()).flatMap(Listener::close))
                .then(swarm.close())
                .doFinally(end -> {
                    events.complete();
                    disposed.tryEmitEmpty();
                });
    }

    @Override
    public void dispose() {
        closing.subscribe();
    }

    @Override
    public boolean isDisposed() {
        return closed;
    }

    @Override
    public Mono<Void> onDispose() {
        return disposed.asMono();
    }

    /** Our record with the addresses it is about; the table of listeners makes a new list for each change. */
    private record Signed(List<Multiaddr> addresses, SignedEnvelope record) {}
}
