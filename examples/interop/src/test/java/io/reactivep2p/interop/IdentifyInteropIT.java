package io.reactivep2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.protocol.echo.Echo;
import io.reactivep2p.protocol.identify.Identify;
import io.reactivep2p.protocol.identify.IdentifyOptions;
import io.reactivep2p.protocol.perf.Perf;
import io.reactivep2p.protocol.ping.Ping;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Who we are to each other, on connecting and when it changes. */
class IdentifyInteropIT extends InteropFixture {

    @Test
    void weLearnWhoTheyAre() {
        HostEvent.PeerIdentified said = node.event(HostEvent.PeerIdentified.class, e -> e.connection() == connection);

        assertThat(said.peer()).hasToString(peer.id());
        assertThat(said.agentVersion()).isNotEmpty().startsWith(pairing.kind().agent());
        assertThat(said.protocolVersion()).isNotEmpty();
        assertThat(said.protocols())
                .contains(
                        Identify.PROTOCOL,
                        Identify.PUSH,
                        Ping.PROTOCOL,
                        Echo.PROTOCOL,
                        Perf.PROTOCOL,
                        TestProtocols.SINK);
        assertThat(said.listenAddresses()).contains(listenAddressOf(peer.address(), peer.id()));
        assertThat(said.observedAddress().map(this::asTheySayIt)).contains(asTheySayIt(connection.localAddress()));
        assertThat(said.signed()).isEqualTo(pairing.kind().signsItsRecord());
        assertThat(node.host().peerstore().protocols(said.peer())).containsAll(said.protocols());
        assertThat(node.host().peerstore().addresses(said.peer())).containsAll(said.listenAddresses());
    }

    /** Over secure WebSocket js leaves the TLS out of it, and go says it in the old way. */
    private String asTheySayIt(Multiaddr observed) {
        return pairing.road().isSecureWebSocket()
                ? observed.toString().replaceFirst("/(tls/)?wss?$", "/wss")
                : observed.toString();
    }

    @Test
    void theyLearnWhoWeAre() {
        JsonNode said = peer.call("identify", toUs());

        assertThat(said.get("peer").asText()).isEqualTo(node.id());
        assertThat(said.get("agentVersion").asText()).isEqualTo(IdentifyOptions.DEFAULT_AGENT_VERSION);
        assertThat(said.get("protocolVersion").asText()).isEqualTo(IdentifyOptions.DEFAULT_PROTOCOL_VERSION);
        assertThat(texts(said.get("protocols")))
                .containsAll(
                        node.host().protocols().stream().map(ProtocolId::value).toList());
        assertThat(texts(said.get("listenAddrs")))
                .contains(listenAddressOf(node.address(), node.id()).toString());
        assertThat(said.get("observedAddr").asText())
                .isEqualTo(connection.remoteAddress().toString());
        assertThat(said.get("signedPeerRecord").get("present").asBoolean()).isTrue();
        assertThat(said.get("signedPeerRecord").get("valid").asBoolean()).isTrue();
    }

    @Test
    void theyHearOfAProtocolThatWeBeginAndCeaseToServe() {
        ProtocolId news = ProtocolId.of("/interop/pushed-by-us/1.0.0");
        Disposable served = node.host().handle(news, stream -> {
            stream.reset(ErrorCode.NONE);
            return Mono.empty();
        });

        peer.event("identified", e -> isUs(e) && texts(e.get("protocols")).contains(news.value()));
        assertThat(texts(peer.call("identify", toUs()).get("protocols"))).contains(news.value(), Echo.PROTOCOL.value());

        int mark = peer.mark();
        served.dispose();
        peer.event(
                mark, "identified", e -> isUs(e) && !texts(e.get("protocols")).contains(news.value()));
    }

    @Test
    void weHearOfAProtocolThatTheyBeginToServe() {
        ProtocolId news = ProtocolId.of(peer.call("push").get("protocol").asText());

        HostEvent.PeerIdentified pushed = node.event(
                HostEvent.PeerIdentified.class, e -> e.pushed() && e.protocols().contains(news));

        assertThat(pushed.peer()).hasToString(peer.id());
        assertThat(pushed.protocols()).contains(Echo.PROTOCOL);
        assertThat(node.host().peerstore().supports(pushed.peer(), news)).isTrue();
    }

    private static Multiaddr listenAddressOf(String fullAddress, String id) {
        return Multiaddr.of(fullAddress).decapsulate(Multiaddr.of("/p2p/" + id)).orElseThrow();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }
}
