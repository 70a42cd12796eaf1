package io.reactivep2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProtocolTest {

    /** Name to code as bytes, copied from the table and not from the enum. */
    private static final Map<String, String> TABLE = Map.ofEntries(
            Map.entry("ip4", "04"),
            Map.entry("tcp", "06"),
            Map.entry("udp", "9102"),
            Map.entry("dccp", "21"),
            Map.entry("sctp", "8401"),
            Map.entry("ip6", "29"),
            Map.entry("ip6zone", "2a"),
            Map.entry("ipcidr", "2b"),
            Map.entry("dns", "35"),
            Map.entry("dns4", "36"),
            Map.entry("dns6", "37"),
            Map.entry("dnsaddr", "38"),
            Map.entry("udt", "ad02"),
            Map.entry("utp", "ae02"),
            Map.entry("unix", "9003"),
            Map.entry("p2p", "a503"),
            Map.entry("onion", "bc03"),
            Map.entry("onion3", "bd03"),
            Map.entry("garlic64", "be03"),
            Map.entry("garlic32", "bf03"),
            Map.entry("tls", "c003"),
            Map.entry("sni", "c103"),
            Map.entry("noise", "c603"),
            Map.entry("quic", "cc03"),
            Map.entry("quic-v1", "cd03"),
            Map.entry("webtransport", "d103"),
            Map.entry("certhash", "d203"),
            Map.entry("http", "e003"),
            Map.entry("http-path", "e103"),
            Map.entry("https", "bb03"),
            Map.entry("ws", "dd03"),
            Map.entry("wss", "de03"),
            Map.entry("webrtc-direct", "9802"),
            Map.entry("webrtc", "9902"),
            Map.entry("p2p-circuit", "a202"),
            Map.entry("p2p-websocket-star", "df03"),
            Map.entry("p2p-webrtc-star", "9302"),
            Map.entry("p2p-webrtc-direct", "9402"),
            Map.entry("p2p-stardust", "9502"),
            Map.entry("memory", "8906"),
            Map.entry("plaintextv2", "e1d8c103"),
            Map.entry("x-parity-ws", "a225"),
            Map.entry("x-parity-wss", "ac25"));

    @Test
    void everyProtocolOfTheTableIsThere() {
        assertThat(Protocol.values()).hasSize(TABLE.size());
        TABLE.forEach((name, code) -> assertThat(Protocol.byName(name))
                .hasValueSatisfying(protocol -> assertThat(HexFormat.of().formatHex(protocol.codeBytes()))
                        .as(name)
                        .isEqualTo(code)));
    }

    @ParameterizedTest
    @EnumSource
    void nameAndCodeLeadToTheProtocol(Protocol protocol) {
        assertThat(Protocol.byName(protocol.protocolName())).contains(protocol);
        assertThat(Protocol.byCode(protocol.code())).contains(protocol);
    }

    @Test
    void otherNamesAndCodesLeadNowhere() {
        assertThat(Protocol.byName("ipfs")).contains(Protocol.P2P);
        assertThat(Protocol.byName("TCP")).isEmpty();
        assertThat(Protocol.byName("")).isEmpty();
        assertThat(Protocol.byCode(-1)).isEmpty();
        assertThat(Protocol.byCode(0)).isEmpty();
        assertThat(Protocol.byCode(511)).isEmpty();
        assertThat(Protocol.byCode(1L << 32 | 6)).isEmpty();
    }

    @Test
    void multicodecsAreFoundByTheirCode() {
        assertThat(Multicodec.byCode(0x72)).contains(Multicodec.LIBP2P_KEY);
        assertThat(Multicodec.byCode(0x73)).isEmpty();
        assertThat(Multicodec.LIBP2P_PEER_RECORD.toBytes()).containsExactly(0x81, 0x06);
        assertThat(Multicodec.LIBP2P_RELAY_RSVP.toBytes()).containsExactly(0x82, 0x06);
        assertThat(Multicodec.IPNS_RECORD.toBytes()).containsExactly(0x80, 0x06);
    }
}
