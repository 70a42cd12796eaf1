package io.reactivep2p.host;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.swarm.InboundStreams;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** The protocols a host serves, with how many streams of each are being served. Thread-safe. */
final class ProtocolTable implements InboundStreams {

    private static final Logger LOG = LoggerFactory.getLogger(ProtocolTable.class);

    private final Map<ProtocolId, Registration> registrations = new ConcurrentHashMap<>();
    private final Runnable onChange;

    /** @param onChange told when the set of protocols has changed */
    ProtocolTable(Runnable onChange) {
        this.onChange = onChange;
    }

    Disposable register(ProtocolId protocol, HandlerOptions options, ProtocolHandler handler) {
        Registration registration = new Registration(options, handler);
        if (registrations.putIfAbsent(protocol, registration) != null) {
            throw new IllegalStateException("the protocol " + protocol + " is served already");
        }
        onChange.run();
        return new Disposable() {

            private final AtomicInteger disposals = new AtomicInteger();

            @Override
            public void dispose() {
                if (disposals.getAndIncrement() == 0) {
                    registrations.remove(protocol, registration);
                    onChange.run();
                }
            }

            @Override
            public boolean isDisposed() {
                return disposals.get() > 0;
            }
        };
    }

    Set<ProtocolId> protocols() {
        return new TreeSet<>(registrations.keySet());
    }

    @Override
    public boolean supports(ProtocolId protocol) {
        return registrations.containsKey(protocol);
    }

    @Override
    public @Nullable Runnable admit(Connection connection, ProtocolId protocol) {
        Registration registration = registrations.get(protocol);
        return registration == null ? null : registration.admit(connection);
    }

    @Override
    public void serve(ProtocolStream stream) {
        Registration registration = registrations.get(stream.protocol());
        if (registration == null) {
            stream.reset(ErrorCode.NEGOTIATION_FAILED);
            return;
        }
        Flux<Void> served;
        try {
            served = Flux.from(registration.handler.handle(stream)); // throws for null
        } catch (RuntimeException failure) {
            failed(stream, failure);
            return;
        }
        Disposable serving = served.subscribe(none -> {}, failure -> failed(stream, failure), () -> stream.close()
                .subscribe());
        if (!serving.isDisposed()) {
            stream.onDispose().subscribe(null, null, serving::dispose);
        }
    }

    private static void failed(ProtocolStream stream, Throwable failure) {
        LOG.debug(
                "serving {} to {} failed",
                stream.protocol(),
                stream.connection().remotePeer(),
                failure);
        stream.dispose();
    }

    /** One protocol being served. */
    private static final class Registration {

        private final HandlerOptions options;
        private final ProtocolHandler handler;
        private final AtomicInteger total = new AtomicInteger();
        private final Map<Connection, Integer> byConnection = new ConcurrentHashMap<>();

        Registration(HandlerOptions options, ProtocolHandler handler) {
            this.options = options;
            this.handler = handler;
        }

        @Nullable
        Runnable admit(Connection connection) {
            if (total.incrementAndGet() > options.maxStreams()) {
                total.decrementAndGet();
                return null;
            }
            // One connection's streams come and go on its one event loop, so nobody counts between these two calls.
            int open = byConnection.merge(connection, 1, Integer::sum);
            Runnable release = () -> release(connection);
            if (open > options.maxStreamsPerConnection()) {
                release.run();
                return null;
            }
            return release;
        }

        private void release(Connection connection) {
            total.decrementAndGet();
            byConnection.computeIfPresent(connection, (key, open) -> open == 1 ? null : open - 1);
        }
    }
}
