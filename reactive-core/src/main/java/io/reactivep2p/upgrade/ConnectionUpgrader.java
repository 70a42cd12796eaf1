package io.reactivep2p.upgrade;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.StreamMuxer;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.security.SecurityParameters;
import io.reactivep2p.transport.RawConnection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Makes a secured, multiplexed connection of a raw one: the only class that lists the steps in order. */
public final class ConnectionUpgrader {

    private final KeyPair identity;
    private final PeerId localPeer;
    private final Map<ProtocolId, SecureChannel> securities;
    private final Map<ProtocolId, StreamMuxer> muxers;
    private final List<ProtocolId> securityNames;
    private final List<ProtocolId> muxerNames;
    private final UpgraderOptions options;

    private ConnectionUpgrader(
            KeyPair identity,
            Map<ProtocolId, SecureChannel> securities,
            Map<ProtocolId, StreamMuxer> muxers,
            UpgraderOptions options) {
        this.identity = identity;
        this.localPeer = PeerId.of(identity.publicKey());
        this.securities = securities;
        this.muxers = muxers;
        this.securityNames = List.copyOf(securities.keySet());
        this.muxerNames = List.copyOf(muxers.keySet());
        this.options = options;
    }

    /**
     * An upgrader for all connections of one host.
     *
     * @param securities in order of preference, at least one
     * @param muxers in order of preference, at least one
     * @throws IllegalArgumentException if there is no security or no muxer, or two of the same name
     */
    public static ConnectionUpgrader create(
            KeyPair identity, List<SecureChannel> securities, List<StreamMuxer> muxers, UpgraderOptions options) {
        return new ConnectionUpgrader(
                identity,
                byName("secure channel", securities, SecureChannel::protocol),
                byName("stream muxer", muxers, StreamMuxer::protocol),
                options);
    }

    /**
     * Negotiates and runs the security handshake, then negotiates (where the handshake did not) and starts the muxer. Called on the
     * channel's event loop; turns on reading.
     *
     * <p><b>Completion</b>: with the connection, on the event loop, before any byte reaches its streams; the subscriber sets {@link
     * MuxedConnection#acceptStreams} before it returns.
     *
     * <p><b>Errors</b>: {@code HandshakeException} (time limit included), {@code NegotiationException}; the channel is closed then. A
     * second subscriber gets {@link IllegalStateException}.
     *
     * <p><b>Cancellation</b>: closes the channel.
     */
    public Mono<MuxedConnection> upgrade(RawConnection raw, @Nullable PeerId expectedPeer) {
        return new UpgradeMono(this, raw, expectedPeer);
    }

    PeerId localPeer() {
        return localPeer;
    }

    UpgraderOptions options() {
        return options;
    }

    List<ProtocolId> securityNames() {
        return securityNames;
    }

    List<ProtocolId> muxerNames() {
        return muxerNames;
    }

    @Nullable
    SecureChannel security(ProtocolId name) {
        return securities.get(name);
    }

    @Nullable
    StreamMuxer muxer(ProtocolId name) {
        return muxers.get(name);
    }

    SecurityParameters parameters(@Nullable PeerId expectedPeer) {
        return new SecurityParameters(identity, expectedPeer, muxerNames);
    }

    private static <T> Map<ProtocolId, T> byName(String what, List<T> components, Function<T, ProtocolId> name) {
        if (components.isEmpty()) {
            throw new IllegalArgumentException("no " + what + " to upgrade connections with");
        }
        Map<ProtocolId, T> byName = new LinkedHashMap<>();
        for (T component : components) {
            if (byName.putIfAbsent(name.apply(component), component) != null) {
                throw new IllegalArgumentException("two of the same " + what + ": " + name.apply(component));
            }
        }
        return byName;
    }
}
