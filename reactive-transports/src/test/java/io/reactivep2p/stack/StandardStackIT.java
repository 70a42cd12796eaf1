package io.reactivep2p.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.Libp2p;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.host.Host;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.protocol.echo.Echo;
import io.reactivep2p.protocol.perf.Perf;
import io.reactivep2p.protocol.perf.PerfListener;
import io.reactivep2p.protocol.perf.PerfResult;
import io.reactivep2p.protocol.ping.Ping;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Two whole hosts over loopback: TCP and WebSocket, Noise, Yamux, identify, ping, echo, perf. */
class StandardStackIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Host listener;
    private Host dialer;

    @BeforeEach
    void startHosts() {
        listener = Libp2p.host()
                .apply(StandardStack.defaults())
                .service(Echo.create())
                .service(Perf.create())
                .listen("/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/tcp/0/ws")
                .startNow();
        dialer = Libp2p.host().apply(StandardStack.defaults()).startNow();
        listener.events(HostEvent.ConnectionClosed.class).subscribe(e -> {
            e.cause().printStackTrace();
            if (e.cause().getCause() != null) e.cause().getCause().printStackTrace();
        });
    }

    @AfterEach
    void closeHosts() {
        dialer.close().block(PATIENCE);
        listener.close().block(PATIENCE);
    }

    @Test
    void aDialedPeerIsConnectedSecuredAndIdentified() {
        HostEvent.PeerIdentified identified = dialer.events(HostEvent.PeerIdentified.class)
                .mergeWith(connect().ignoreElement().cast(HostEvent.PeerIdentified.class))
                .blockFirst(PATIENCE);

        assertThat(identified.peer()).isEqualTo(listener.id());
        assertThat(identified.protocols()).contains(Echo.PROTOCOL, Ping.PROTOCOL);
        assertThat(identified.listenAddresses()).isEqualTo(listener.addresses());
        assertThat(identified.signed()).isTrue();
    }

    @Test
    void pingMeasuresARoundTrip() {
        List<Duration> rtts = connect()
                .flatMapMany(connection -> Ping.create().pings(connection))
                .take(5)
                .collectList()
                .block(PATIENCE);

        assertThat(rtts).hasSize(5).allSatisfy(rtt -> assertThat(rtt).isPositive());
    }

    @Test
    void whatIsSentToEchoComesBackAndEndsWithTheSender() {
        String back = connect()
                .flatMap(connection -> connection.open(Echo.PROTOCOL))
                .flatMap(stream -> stream.send(Flux.just("hello ", "world").map(StandardStackIT::utf8))
                        .then(stream.closeWrite())
                        .then(stream.receive()
                                .map(bytes -> bytes.toString(StandardCharsets.UTF_8))
                                .reduce(String::concat)))
                .block(PATIENCE);

        assertThat(back).isEqualTo("hello world");
    }

    @Test
    void perfMovesBytesBothWays() {
        PerfResult result = connect()
                .flatMap(connection -> Perf.create().measure(connection, 50_000_000, 60_000_000, PerfListener.NONE))
                .block(PATIENCE);

        assertThat(result.uploadedBytes()).isEqualTo(50_000_000);
        assertThat(result.downloadedBytes()).isEqualTo(60_000_000);
    }

    @Test
    void tcpAndWebSocketShareAPort() {
        assertThat(listener.addresses()).hasSize(2);
        Multiaddr tcp = listener.addresses().get(0);
        assertThat(listener.addresses().get(1)).hasToString(tcp + "/ws");
        for (Multiaddr address : listener.addresses()) {
            Connection connection = dialer.dial(address).block(PATIENCE);
            assertThat(connection.remoteAddress()).isEqualTo(address);
            connection.close().block(PATIENCE);
        }
    }

    private reactor.core.publisher.Mono<Connection> connect() {
        return dialer.dial(listener.fullAddresses().get(0));
    }

    private static ByteBuf utf8(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }
}
