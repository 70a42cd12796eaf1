package io.reactivep2p.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.reactivep2p.HostBuilder;
import io.reactivep2p.Libp2p;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.host.Host;
import io.reactivep2p.multistream.NegotiationException;
import io.reactivep2p.muxer.mplex.Mplex;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.protocol.ping.Ping;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.security.plaintext.Plaintext;
import io.reactivep2p.swarm.DialException;
import io.reactivep2p.testkit.HostExtension;
import io.reactivep2p.transport.tcp.Tcp;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Plaintext and mplex are there for those who ask for them, and for nobody else. */
class OptInTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ProtocolId TALK = ProtocolId.of("/opt-in/talk/1.0.0");

    @RegisterExtension
    final HostExtension hosts = HostExtension.create(Libp2p::host);

    private Host standard() {
        return hosts.start(builder -> builder.apply(StandardStack.defaults()).listen("/ip4/127.0.0.1/tcp/0"));
    }

    private static Consumer<HostBuilder> bare() {
        return builder -> builder.transport(Tcp.create()).service(Ping.create()).listen("/ip4/127.0.0.1/tcp/0");
    }

    private static Consumer<HostBuilder> both(Duration stallTimeout) {
        return bare().andThen(builder ->
                builder.security(Plaintext.create()).muxer(Mplex.create(spec -> spec.stallTimeout(stallTimeout))));
    }

    @Test
    void aStandardHostTakesNoPlaintext() {
        Host dialer = hosts.start(
                bare().andThen(builder -> builder.security(Plaintext.create()).muxer(Yamux.create())));
        assertNothingInCommon(dialer, standard());
    }

    @Test
    void aStandardHostTakesNoMplex() {
        Host dialer = hosts.start(
                bare().andThen(builder -> builder.security(Noise.create()).muxer(Mplex.create())));
        assertNothingInCommon(dialer, standard());
    }

    private static void assertNothingInCommon(Host dialer, Host listener) {
        assertThatThrownBy(() -> dialer.dial(listener.fullAddresses().get(0)).block(PATIENCE))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.attempts().values())
                                .allSatisfy(cause -> assertThat(cause).isInstanceOf(NegotiationException.class)));
    }

    @Test
    void hostsThatAskForBothPingEachOther() {
        Host listener = hosts.start(both(Duration.ofMinutes(1)));
        Host dialer = hosts.start(both(Duration.ofMinutes(1)));
        Connection connection = Objects.requireNonNull(
                dialer.dial(listener.fullAddresses().get(0)).block(PATIENCE));
        assertThat(connection.remotePeer()).isEqualTo(listener.id());
        assertThat(Ping.create().pings(connection).take(3).collectList().block(PATIENCE))
                .hasSize(3);
    }

    /** Over a real socket: the stalled stream holds the other up until it is given up. */
    @Test
    void aStalledStreamIsGivenUpAndTheOtherGoesOn() {
        Host listener = hosts.start(both(Duration.ofMillis(300)));
        Host dialer = hosts.start(both(Duration.ofMinutes(1)));
        listener.handle(TALK, ProtocolStream::onDispose); // never reads
        Connection connection = Objects.requireNonNull(
                dialer.dial(listener.fullAddresses().get(0)).block(PATIENCE));
        Mono<Void> flood = connection
                .open(TALK)
                .flatMap(stream -> stream.send(
                        Flux.range(0, Integer.MAX_VALUE).map(number -> Unpooled.wrappedBuffer(new byte[8_192]))));
        StepVerifier.create(flood).expectError(StreamResetException.class).verify(PATIENCE);
        assertThat(Ping.create().pings(connection).take(3).collectList().block(PATIENCE))
                .hasSize(3);
    }
}
