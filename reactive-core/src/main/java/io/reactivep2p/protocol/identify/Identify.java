package io.reactivep2p.protocol.identify;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.host.HandlerOptions;
import io.reactivep2p.host.Host;
import io.reactivep2p.host.HostService;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peerstore.Peerstore;
import io.reactivep2p.protocol.identify.pb.IdentifyProto;
import io.reactivep2p.wire.Codecs;
import io.reactivep2p.wire.MessageCodec;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Learns of every peer what it is, on each new connection and when it pushes; tells others about us. What is learned goes to the
 * peerstore and out as {@link HostEvent.PeerIdentified}.
 */
public final class Identify implements HostService {

    public static final ProtocolId PROTOCOL = ProtocolId.of("/ipfs/id/1.0.0");
    public static final ProtocolId PUSH = ProtocolId.of("/ipfs/id/push/1.0.0");

    /** Peerstore metadata under which a peer's versions are kept. */
    public static final String AGENT_VERSION = "AgentVersion";

    public static final String PROTOCOL_VERSION = "ProtocolVersion";

    /** Peers told of a change at the same time, as in go. */
    static final int MAX_CONCURRENT_PUSHES = 32;

    /** go-libp2p: 64 streams inbound and 16 with one peer, per GiB; an answer is cheap here, so more. */
    static final HandlerOptions LIMITS = new HandlerOptions(1_024, 16);

    static final MessageCodec<IdentifyProto.Identify> CODEC =
            Codecs.protobuf(IdentifyProto.Identify.parser(), IdentifyReader.MAX_BYTES);

    private static final Logger LOG = LoggerFactory.getLogger(Identify.class);

    private final IdentifyOptions options;
    private final Scheduler timer;
    private final IdentifyReader reader = new IdentifyReader();
    private final Disposable.Swap changes = Disposables.swap();
    private volatile @Nullable Running running;

    private Identify(IdentifyOptions options, Scheduler timer) {
        this.options = options;
        this.timer = timer;
    }

    public static Identify create() {
        return create(IdentifyOptions.defaults());
    }

    public static Identify create(IdentifyOptions options) {
        return create(options, Schedulers.parallel());
    }

    /** With the scheduler given that time limits and delays run on. */
    public static Identify create(IdentifyOptions options, Scheduler timer) {
        return new Identify(options, timer);
    }

    @Override
    public Mono<Void> start(Host host) {
        return Mono.fromRunnable(() -> {
            IdentifyWriter writer = new IdentifyWriter(host, host.peerRecord().signer(), options);
            Running started = new Running(host, writer, new AtomicBoolean());
            running = started;
            changes.update(host.events()
                    .filter(Identify::isChange)
                    .doOnNext(event -> {
                        writer.onChange();
                        started.unpushed.set(true);
                    })
                    .onBackpressureLatest()
                    .concatMap(event -> pushLater(started), 1)
                    .subscribe());
            host.handle(PROTOCOL, LIMITS, stream -> stream.send(CODEC, writer.message(stream.connection())));
            host.handle(PUSH, LIMITS, stream -> learn(started, stream, true));
        });
    }

    @Override
    public Mono<Void> stop() {
        return Mono.fromRunnable(changes::dispose);
    }

    @Override
    public void connectionOpened(Connection connection) {
        Running now = running;
        if (now != null) {
            connection.onDispose().subscribe(null, null, () -> connectionClosed(now.host, connection.remotePeer()));
            identify(now, connection)
                    .subscribe(
                            event -> {}, cause -> LOG.debug("identify of {} failed", connection.remotePeer(), cause));
        }
    }

    /** What was to be believed while the peer is connected is now to be believed for a while. */
    private static void connectionClosed(Host host, PeerId peer) {
        if (host.connections(peer).stream().allMatch(Connection::isDisposed)) {
            host.peerstore().updateTtl(peer, Peerstore.RECENTLY_CONNECTED_TTL);
        }
    }

    /**
     * Asks a peer again.
     *
     * <p><b>Completion</b>: with what it said, which is in the peerstore then. <b>Errors</b>: those of {@code open} and of the stream; {@code
     * ProtocolViolationException} where it speaks of another peer; {@code TimeoutException}.
     */
    public Mono<HostEvent.PeerIdentified> identify(Connection connection) {
        return Mono.defer(() -> {
            Running now = running;
            return now == null
                    ? Mono.error(new IllegalStateException("identify has not been started with a host"))
                    : identify(now, connection);
        });
    }

    private Mono<HostEvent.PeerIdentified> identify(Running now, Connection connection) {
        return connection
                .open(PROTOCOL)
                .flatMap(stream ->
                        resetUnlessComplete(stream, stream.closeWrite().then(receive(now, stream, false))))
                .timeout(options.timeout(), timer);
    }

    private Mono<Void> learn(Running now, ProtocolStream stream, boolean pushed) {
        return receive(now, stream, pushed).timeout(options.timeout(), timer).then();
    }

    private Mono<HostEvent.PeerIdentified> receive(Running now, ProtocolStream stream, boolean pushed) {
        return stream.receive(CODEC)
                .index()
                .doOnNext(message -> {
                    if (message.getT1() >= IdentifyReader.MAX_MESSAGES) {
                        throw new ProtocolViolationException("identify of "
                                + stream.connection().remotePeer() + " has more than " + IdentifyReader.MAX_MESSAGES
                                + " messages");
                    }
                })
                .reduce(IdentifyProto.Identify.newBuilder(), (all, message) -> all.mergeFrom(message.getT2()))
                .map(all -> keep(now, stream.connection(), all.build(), pushed));
    }

    /** Behind the signal, so that the reset is not itself an error that nobody waits for. */
    private static <T> Mono<T> resetUnlessComplete(ProtocolStream stream, Mono<T> exchange) {
        return exchange.doFinally(end -> {
            if (end != SignalType.ON_COMPLETE) {
                stream.dispose();
            }
        });
    }

    private HostEvent.PeerIdentified keep(
            Running now, Connection connection, IdentifyProto.Identify message, boolean pushed) {
        PeerId peer = connection.remotePeer();
        PeerDescription said = reader.read(peer, message);
        Peerstore store = now.host.peerstore();
        if (said.key() != null) {
            store.addKey(peer, said.key());
        }
        if (!said.protocols().isEmpty()) {
            store.setProtocols(peer, said.protocols());
        }
        if (said.record() != null) {
            if (store.setCertifiedAddresses(
                    peer, said.record().sequence(), said.addresses(), Peerstore.CONNECTED_TTL)) {
                store.putSignedRecord(peer, message.getSignedPeerRecord().toByteArray());
            }
        } else if (!said.addresses().isEmpty()) {
            store.addAddresses(peer, said.addresses(), Peerstore.CONNECTED_TTL);
        }
        if (said.agentVersion() != null) {
            store.putMetadata(peer, AGENT_VERSION, said.agentVersion());
        }
        if (said.protocolVersion() != null) {
            store.putMetadata(peer, PROTOCOL_VERSION, said.protocolVersion());
        }
        HostEvent.PeerIdentified event = event(store, connection, said, pushed);
        now.host.publish(event);
        return event;
    }

    private static HostEvent.PeerIdentified event(
            Peerstore store, Connection connection, PeerDescription said, boolean pushed) {
        PeerId peer = connection.remotePeer();
        return new HostEvent.PeerIdentified(
                peer,
                connection,
                store.metadata(peer, PROTOCOL_VERSION).orElse(""),
                store.metadata(peer, AGENT_VERSION).orElse(""),
                store.protocols(peer),
                said.addresses(),
                Optional.ofNullable(said.observedAddress()),
                said.record() != null,
                pushed);
    }

    private static boolean isChange(HostEvent event) {
        return event instanceof HostEvent.ProtocolsChanged || event instanceof HostEvent.AddressesChanged;
    }

    /** Waits from the first change on, however many follow, so that one which never ceases to change is heard of all the same. */
    private Mono<Void> pushLater(Running now) {
        return Mono.defer(() -> !now.unpushed.get()
                ? Mono.empty() // the push before this one said it all
                : Mono.delay(options.pushDelay(), timer).then(Mono.defer(() -> {
                    now.unpushed.set(false);
                    return pushToAll(now);
                })));
    }

    private Mono<Void> pushToAll(Running now) {
        return Flux.fromIterable(connectionPerPeer(now.host))
                .filter(connection -> mayTakePush(now.host.peerstore(), connection.remotePeer()))
                .flatMap(connection -> push(now, connection), MAX_CONCURRENT_PUSHES)
                .then();
    }

    /** A peer of which nothing is known yet may have been told about us already, before the change. */
    private static boolean mayTakePush(Peerstore store, PeerId peer) {
        return store.supports(peer, PUSH) || store.protocols(peer).isEmpty();
    }

    private static Set<Connection> connectionPerPeer(Host host) {
        Set<PeerId> peers = new LinkedHashSet<>();
        Set<Connection> one = new LinkedHashSet<>();
        for (Connection connection : host.connections()) {
            if (peers.add(connection.remotePeer())) {
                one.add(connection);
            }
        }
        return one;
    }

    private Mono<Void> push(Running now, Connection connection) {
        return connection
                .open(PUSH)
                .flatMap(stream -> resetUnlessComplete(
                        stream,
                        stream.send(CODEC, now.writer.message(connection)).then(stream.close())))
                .timeout(options.timeout(), timer)
                .onErrorResume(cause -> {
                    LOG.debug("pushing to {} failed", connection.remotePeer(), cause);
                    return Mono.empty();
                });
    }

    /** The service with its host, and whether something changed that was not pushed yet. */
    private record Running(Host host, IdentifyWriter writer, AtomicBoolean unpushed) {}
}
