package io.reactivep2p.security.noise;

import io.netty.channel.EventLoop;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.security.SecurityParameters;
import io.reactivep2p.transport.RawConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The secure channel {@code /noise}. One instance serves any number of connections, and keeps one static key for each host key it is
 * used with.
 */
public final class Noise implements SecureChannel {

    /** The name it is negotiated under. */
    public static final ProtocolId PROTOCOL = ProtocolId.of("/noise");

    /** The most plaintext that one frame takes: writes of this size travel without a remainder. */
    public static final int MAX_PLAINTEXT = NoiseFrames.MAX_PLAINTEXT;

    /** The system property that names the {@link AeadEngine} to use, in place of the measurement. */
    public static final String ENGINE_PROPERTY = "io.reactivep2p.noise.engine";

    /** How many host keys an instance remembers the static key of; a host has one. The oldest is forgotten first. */
    static final int MAX_IDENTITIES = 8;

    private static final byte[] NO_PROLOGUE = {};

    private final NoiseOptions options;
    private final VerifiedPayloads payloads = new VerifiedPayloads();
    private volatile List<NoiseIdentity> identities = List.of();

    private Noise(NoiseOptions options) {
        this.options = options;
    }

    /** With the defaults of {@link NoiseSpec}. */
    public static Noise create() {
        return create(spec -> {});
    }

    /** Blocks for a moment the first time in a JVM, up to half a second where two cipher engines are to be compared: not for event loops. */
    public static Noise create(Consumer<NoiseSpec> spec) {
        NoiseSpec collected = new NoiseSpec();
        spec.accept(collected);
        DhKeyPair.warmUp();
        return new Noise(collected.options());
    }

    @Override
    public ProtocolId protocol() {
        return PROTOCOL;
    }

    /** Who computes the cipher of the connections made with it. */
    public AeadEngine engine() {
        return options.engine();
    }

    @Override
    public Mono<SecuredConnection> secure(RawConnection raw, SecurityParameters parameters) {
        return Mono.create(sink -> {
            EventLoop loop = raw.channel().eventLoop();
            if (loop.inEventLoop()) {
                tryStart(raw, parameters, sink);
            } else {
                loop.execute(() -> tryStart(raw, parameters, sink));
            }
        });
    }

    private void tryStart(RawConnection raw, SecurityParameters parameters, MonoSink<SecuredConnection> sink) {
        try {
            start(raw, parameters, sink);
        } catch (RuntimeException e) {
            raw.channel().close();
            sink.error(new HandshakeException("noise: cannot begin the handshake: " + e, e));
        }
    }

    private void start(RawConnection raw, SecurityParameters parameters, MonoSink<SecuredConnection> sink) {
        NoiseIdentity identity = identity(parameters.identity());
        boolean initiator = raw.direction().isInitiator();
        CryptoScratch scratch = options.engine().scratch();
        HandshakeState state = new HandshakeState(
                initiator, NO_PROLOGUE, identity.staticKey(), options.keys(), scratch.aead, scratch.hash);
        NoiseHandshake handshake = new NoiseHandshake(
                initiator,
                state,
                identity,
                payloads,
                parameters.expectedPeer(),
                options.earlyMuxerNegotiation() ? parameters.muxers() : List.of());
        NoiseHandshakeHandler handler = new NoiseHandshakeHandler(raw, options.engine(), identity, handshake, sink);
        sink.onCancel(handler::cancel);
        raw.channel().pipeline().addLast(handler);
    }

    /** The static key of a host key. Threads that ask for a new one at the same time may each make their own, and the last is
     * remembered: any will do. */
    NoiseIdentity identity(KeyPair hostKey) {
        List<NoiseIdentity> known = identities;
        for (NoiseIdentity identity : known) {
            if (identity.belongsTo(hostKey)) {
                return identity;
            }
        }
        NoiseIdentity made = new NoiseIdentity(hostKey, options.keys().get());
        List<NoiseIdentity> updated =
                new ArrayList<>(known.subList(known.size() < MAX_IDENTITIES ? 0 : 1, known.size()));
        updated.add(made);
        identities = List.copyOf(updated);
        return made;
    }
}
