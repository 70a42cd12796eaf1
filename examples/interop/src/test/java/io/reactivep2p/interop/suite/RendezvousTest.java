package io.reactivep2p.interop.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.interop.suite.Rendezvous.Manner;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RendezvousTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String KEY = "a5b50d5e_listener_multiaddr";
    private static final String ADDRESS = "/ip4/192.0.2.7/tcp/4001";

    private final FakeRedis redis = FakeRedis.start();

    @AfterEach
    void end() {
        redis.close();
    }

    @Test
    void aListIsMadeAnewWhateverWasThere() {
        redis.set(KEY, "left by an earlier run");

        at(Manner.LIST).publish(ADDRESS).block(PATIENCE);

        assertThat(redis.commands()).containsExactly("DEL " + KEY, "RPUSH " + KEY + " " + ADDRESS);
        assertThat(redis.at(KEY)).hasToString("[" + ADDRESS + "]");
    }

    @Test
    void aValueIsSet() {
        at(Manner.VALUE).publish(ADDRESS).block(PATIENCE);

        assertThat(redis.commands()).containsExactly("SET " + KEY + " " + ADDRESS);
    }

    @ParameterizedTest
    @EnumSource
    void whatOnePublishesTheOtherFinds(Manner manner) throws Exception {
        CompletableFuture<String> found = at(manner).find().toFuture();
        redis.awaitClient(PATIENCE);

        at(manner).publish(ADDRESS).block(PATIENCE);

        assertThat(found.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo(ADDRESS);
    }

    @Test
    void aKeyOfTheWrongTypeIsAnError() {
        redis.set(KEY, ADDRESS);

        assertThatThrownBy(() -> at(Manner.LIST).find().block(PATIENCE))
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("WRONGTYPE");
    }

    @ParameterizedTest
    @EnumSource
    void patienceEnds(Manner manner) {
        Rendezvous hasty = new Rendezvous(redis.socketAddress(), manner, KEY, Duration.ofMillis(50));

        assertThatThrownBy(() -> hasty.find().block(PATIENCE)).hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void aServerThatIsStillStartingIsWaitedFor() throws Exception {
        InetSocketAddress later;
        try (ServerSocket free = new ServerSocket(0)) {
            later = InetSocketAddress.createUnresolved("127.0.0.1", free.getLocalPort());
        }
        CompletableFuture<String> found =
                new Rendezvous(later, Manner.VALUE, KEY, PATIENCE).find().toFuture();
        try (ServerSocket server = new ServerSocket()) {
            server.bind(new InetSocketAddress("127.0.0.1", later.getPort()));
            try (var client = server.accept()) {
                assertThat(RespCodec.read(client.getInputStream()))
                        .isEqualTo(new RespReply.Items(List.of(new RespReply.Text("GET"), new RespReply.Text(KEY))));
                client.getOutputStream().write("$2\r\nhi\r\n".getBytes());
                assertThat(found.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                        .isEqualTo("hi");
            }
        }
    }

    @Test
    void aServerThatGoesAwayIsAnError() {
        CompletableFuture<String> found = at(Manner.LIST).find().toFuture();
        redis.awaitClient(PATIENCE);
        redis.close();

        assertThatThrownBy(() -> found.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .hasRootCauseInstanceOf(IOException.class);
    }

    private Rendezvous at(Manner manner) {
        return new Rendezvous(redis.socketAddress(), manner, KEY, PATIENCE);
    }
}
