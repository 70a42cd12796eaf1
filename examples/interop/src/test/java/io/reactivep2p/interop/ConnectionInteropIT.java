package io.reactivep2p.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.protocol.echo.Echo;
import io.reactivep2p.protocol.ping.Ping;
import io.reactivep2p.swarm.DialException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Beginnings and ends of connections. */
class ConnectionInteropIT extends InteropFixture {

    /** Over QUIC nobody says that a process has died; its silence does, after 30 seconds. */
    private static final Duration SILENCE = PATIENCE.multipliedBy(2);

    @Test
    void aConnectionIsMadeOfWhatTheRoadSays() {
        assertThat(connection.remotePeer()).hasToString(peer.id());
        assertThat(connection.localPeer()).isEqualTo(node.host().id());
        if (!pairing.road().security().isEmpty()) {
            assertThat(connection.security()).hasToString(pairing.road().security());
            assertThat(connection.muxer()).hasToString(pairing.road().muxer());
        }
        assertThat(connection.direction()).isEqualTo(pairing.weDial() ? Direction.OUTBOUND : Direction.INBOUND);
        JsonNode connected = peer.event("connected", this::isUs);
        assertThat(connected.get("direction").asText()).isEqualTo(pairing.weDial() ? "inbound" : "outbound");
        assertThat(connected.get("security").asText()).isEqualTo(pairing.road().security());
        assertThat(connected.get("muxer").asText()).isEqualTo(pairing.road().muxer());
        assertThat(connected.get("earlyMuxer").asBoolean())
                .isEqualTo(pairing.road().agreesEarlyWith(pairing.kind()));
    }

    @Test
    void theyHearThatWeClose() {
        int mark = peer.mark();

        connection.close().block(PATIENCE);

        peer.event(mark, "disconnected", this::isUs);
        assertThat(cause().remote()).isFalse();
        assertThat(peer.callInVain("ping", toUs())).isNotEmpty();
        connectAgain();
    }

    @Test
    void weHearThatTheyClose() {
        ProtocolStream stream =
                connection.open(Echo.PROTOCOL).blockOptional(PATIENCE).orElseThrow();
        PatternReader back = echoing(stream);
        int mark = peer.mark();

        peer.call("close", toUs());

        peer.event(mark, "disconnected", this::isUs);
        assertThat(cause().remote()).isTrue();
        assertThat(cause().code()).isEqualTo(ErrorCode.NONE);
        // js ends its streams in order before it closes, the others do not.
        back.end().onErrorComplete(Libp2pException.class).block(PATIENCE);
        stream.onDispose().block(PATIENCE);
        assertThatThrownBy(() -> connection.open(Echo.PROTOCOL).block(PATIENCE))
                .isInstanceOf(ConnectionClosedException.class);
        connectAgain();
    }

    @Test
    void ourStreamsFailWhenThePeerDies() {
        ProtocolStream stream =
                connection.open(Echo.PROTOCOL).blockOptional(PATIENCE).orElseThrow();
        PatternReader back = echoing(stream);
        int mark = node.mark();

        peer.kill();

        assertThatThrownBy(() -> back.awaitEnd(SILENCE)).isInstanceOf(ConnectionClosedException.class);
        assertThat(cause().remote()).isEqualTo(pairing.road().tellsOfDeath());
        stream.onDispose().block(PATIENCE);
        // Of another connection, which it had begun under a wrong name and not closed, we hear by itself.
        node.event(
                mark, HostEvent.PeerDisconnected.class, e -> e.peer().toString().equals(peer.id()));
        assertThatThrownBy(() -> node.host().dial(peer.address()).block(PATIENCE))
                .isInstanceOf(DialException.class);
    }

    @Test
    void theyLiveOnWhenOurHostCloses() {
        int mark = peer.mark();
        String address = node.address();

        node.close();

        peer.event(mark, "disconnected", this::isUs);
        assertThat(connection.isDisposed()).isTrue();
        assertThat(peer.callInVain("dial", Map.of("addr", address))).isNotEmpty();
    }

    @Test
    void theyCannotDialUsUnderAnotherName() {
        String stranger = "12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5";

        assertThat(peer.callInVain("dial", Map.of("addr", node.address().replace(node.id(), stranger))))
                .isNotEmpty();
        assertThatThrownBy(() -> node.host()
                        .dial(peer.address().replace(peer.id(), stranger))
                        .block(PATIENCE))
                .isInstanceOf(DialException.class);
        assertThat(Ping.create().ping(connection).block(PATIENCE)).isPositive();
    }

    private ConnectionClosedException cause() {
        return node.event(HostEvent.ConnectionClosed.class, e -> e.connection() == connection)
                .cause();
    }

    /** A stream in the middle of its life: what was sent has come back, and neither side has ended it. */
    private static PatternReader echoing(ProtocolStream stream) {
        PatternReader back = new PatternReader(1);
        stream.receive().subscribe(back);
        back.resume();
        stream.send(PatternSource.of(1, 10).chunks()).block(PATIENCE);
        await().atMost(PATIENCE).until(() -> back.bytes() == 10);
        return back;
    }

    private void connectAgain() {
        connect();
        assertThat(Ping.create().ping(connection).block(PATIENCE)).isPositive();
        peer.call("ping", toUs());
    }
}
