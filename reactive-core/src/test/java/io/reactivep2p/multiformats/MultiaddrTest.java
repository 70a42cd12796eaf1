package io.reactivep2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivep2p.multiformats.Multiaddr.Component;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultiaddrTest {

    private static final String PEER = "12D3KooWCryG7Mon9orvQxcS1rYZjotPgpwoJNHHKcLLfE4Hf5mV";
    private static final String RELAY = "QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC";
    private static final Multiaddr CIRCUIT =
            Multiaddr.of("/ip4/192.0.2.1/tcp/4001/p2p/" + RELAY + "/p2p-circuit/p2p/" + PEER);

    @Test
    void componentsAreReadFromLeftToRight() {
        assertThat(CIRCUIT.components())
                .containsExactly(
                        Component.of(Protocol.IP4, "192.0.2.1"),
                        Component.of(Protocol.TCP, "4001"),
                        Component.of(Protocol.P2P, RELAY),
                        Component.of(Protocol.P2P_CIRCUIT),
                        Component.of(Protocol.P2P, PEER));
        assertThat(CIRCUIT.first().value()).isEqualTo("192.0.2.1");
        assertThat(CIRCUIT.last()).hasToString("/p2p/" + PEER);
        assertThat(CIRCUIT.get(3).value()).isNull();
        assertThat(CIRCUIT.size()).isEqualTo(5);
    }

    @Test
    void valuesAreFoundByProtocol() throws Exception {
        assertThat(CIRCUIT.value(Protocol.P2P)).contains(RELAY);
        assertThat(CIRCUIT.values(Protocol.P2P)).containsExactly(RELAY, PEER);
        assertThat(CIRCUIT.value(Protocol.P2P_CIRCUIT)).isEmpty();
        assertThat(CIRCUIT.value(Protocol.UDP)).isEmpty();
        assertThat(CIRCUIT.has(Protocol.P2P_CIRCUIT)).isTrue();
        assertThat(CIRCUIT.has(Protocol.UDP)).isFalse();
        assertThat(CIRCUIT.port(Protocol.TCP)).hasValue(4001);
        assertThat(CIRCUIT.port(Protocol.IP4)).isEmpty();
        assertThat(CIRCUIT.ipAddress()).contains(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1}));
        assertThat(Multiaddr.of("/dns4/example.org/tcp/1").ipAddress()).isEmpty();
        assertThat(CIRCUIT.valueBytes(Protocol.P2P).orElseThrow()).isEqualTo(Multibase.BASE58_BTC.decodeBare(RELAY));
        assertThat(CIRCUIT.indexOf(Protocol.P2P)).isEqualTo(2);
        assertThat(CIRCUIT.lastIndexOf(Protocol.P2P)).isEqualTo(4);
        assertThat(CIRCUIT.indexOf(Protocol.UDP)).isEqualTo(-1);
    }

    @Test
    void anAddressIsBuiltFromParts() {
        Multiaddr address = Multiaddr.of(Component.of(Protocol.IP6, "::1"))
                .with(Protocol.UDP, "4001")
                .with(Protocol.QUIC_V1)
                .encapsulate("/p2p/" + PEER);
        assertThat(address)
                .hasToString("/ip6/::1/udp/4001/quic-v1/p2p/" + PEER)
                .isEqualTo(Multiaddr.of(address.toString()))
                .hasSameHashCodeAs(Multiaddr.of(address.toBytes()))
                .isEqualTo(Multiaddr.of(address.components()));
        assertThat(new Component(Protocol.TCP, "080")).isEqualTo(Component.of(Protocol.TCP, new byte[] {0, 80}));
        assertThat(new Component(Protocol.WS, null)).isEqualTo(Component.of(Protocol.WS, new byte[0]));
    }

    @Test
    void encapsulatingAndDecapsulatingUndoEachOther() {
        Multiaddr outer = Multiaddr.of("/ip4/192.0.2.1/tcp/4001");
        Multiaddr inner = Multiaddr.of("/ws/p2p/" + PEER);
        assertThat(outer.encapsulate(inner).decapsulate(inner)).contains(outer);
        assertThat(outer.encapsulate(inner).startsWith(outer)).isTrue();
        assertThat(outer.encapsulate(inner).endsWith(inner)).isTrue();
        assertThat(outer.startsWith(outer.encapsulate(inner))).isFalse();
        assertThat(outer.endsWith(outer.encapsulate(inner))).isFalse();
        assertThat(outer.decapsulate(outer)).isEmpty();
        assertThat(outer.decapsulate(inner)).containsSame(outer);
    }

    @Test
    void decapsulationCutsAtTheLastOccurrence() {
        assertThat(CIRCUIT.decapsulate(Protocol.P2P))
                .contains(Multiaddr.of("/ip4/192.0.2.1/tcp/4001/p2p/" + RELAY + "/p2p-circuit"));
        assertThat(Multiaddr.of("/tls/ws/tls/ws").decapsulate(Multiaddr.of("/tls")))
                .contains(Multiaddr.of("/tls/ws"));
        assertThat(CIRCUIT.decapsulate(Protocol.IP4)).isEmpty();
        assertThat(CIRCUIT.decapsulate(Protocol.UDP)).containsSame(CIRCUIT);
    }

    @Test
    void partsAreCutOutAndReplaced() {
        assertThat(CIRCUIT.slice(3, 5)).contains(Multiaddr.of("/p2p-circuit/p2p/" + PEER));
        assertThat(CIRCUIT.slice(2, 2)).isEmpty();
        assertThat(Multiaddr.of("/dns4/example.org/tcp/80/ws").replace(0, Component.of(Protocol.IP4, "192.0.2.7")))
                .hasToString("/ip4/192.0.2.7/tcp/80/ws");
        assertThat(Multiaddr.of("/ip6zone/eth0/ip6/fe80::1/tcp/1").without(c -> c.protocol() == Protocol.IP6ZONE))
                .contains(Multiaddr.of("/ip6/fe80::1/tcp/1"));
        assertThat(CIRCUIT.without(c -> true)).isEmpty();
    }

    @Test
    void socketAddressesBecomeMultiaddrs() throws Exception {
        assertThat(Multiaddr.of(
                        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 80), Protocol.TCP))
                .hasToString("/ip4/127.0.0.1/tcp/80");
        byte[] linkLocal = IpLiteral.parse6("fe80::1");
        InetAddress scoped = java.net.Inet6Address.getByAddress(null, linkLocal, 77);
        assertThat(Multiaddr.of(new InetSocketAddress(scoped, 53), Protocol.UDP))
                .hasToString("/ip6zone/77/ip6/fe80::1/udp/53");
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("example.org", 1);
        assertThatIllegalArgumentException().isThrownBy(() -> Multiaddr.of(unresolved, Protocol.TCP));
    }

    @Test
    void bytesGivenAndTakenAreCopies() {
        byte[] bytes = Multiaddr.of("/ip4/1.2.3.4/tcp/80").toBytes();
        Multiaddr address = Multiaddr.of(bytes);
        bytes[1] = 99;
        address.toBytes()[1] = 99;
        address.first().valueBytes()[0] = 99;
        assertThat(address).hasToString("/ip4/1.2.3.4/tcp/80");
    }

    @ParameterizedTest
    @CsvSource({
        "/ip4/1.2.3.4/tcp/080///, /ip4/1.2.3.4/tcp/80",
        "/memory/18446744073709551615, /memory/18446744073709551615",
        "/http-path/a+b%2fc%20~, /http-path/a%2Bb%2Fc%20~",
        "/http-path/%c3%a9, /http-path/%C3%A9",
        "/unix/a//b/, /unix/a//b",
        "/onion/TIMAQ4YGG2IEGCI7:80, /onion/timaq4ygg2iegci7:80",
        "/x-parity-ws/%2Fpath, /x-parity-ws/%2Fpath",
        "/dns/\u00e9xample.org, /dns/\u00e9xample.org"
    })
    void spellingsBecomeOneText(String spelling, String canonical) {
        assertThat(Multiaddr.of(spelling)).hasToString(canonical).isEqualTo(Multiaddr.of(canonical));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"BASE64", "BASE64_PAD"}) // These have a slash in the text.
    void aPeerIdIsReadFromACidInEveryBase(Multibase base) {
        Cid cid = Cid.v1(Multicodec.LIBP2P_KEY, Multihash.of(Multibase.BASE58_BTC.decodeBare(PEER)));
        assertThat(Multiaddr.of("/p2p/" + cid.toString(base))).hasToString("/p2p/" + PEER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//",
                "ip4/1.2.3.4",
                "/ip4//tcp/1",
                "//ip4/1.2.3.4",
                "/ip4/1.2.3.4//tcp/1",
                "/IP4/1.2.3.4",
                "/ip4/01.2.3.4",
                "/ip6/1.2.3.4",
                "/ip6/::1%25eth0",
                "/ip6zone//ip6/::1",
                "/tcp/-1",
                "/tcp/+1",
                "/tcp/65536",
                "/tcp/1e3",
                "/tcp/100000",
                "/tcp/\u0661",
                "/ipcidr/-1",
                "/ipcidr/256",
                "/memory/18446744073709551616",
                "/memory/-1",
                "/memory/+1",
                "/memory/x",
                "/unix",
                "/unix/",
                "/unix//",
                "/dns/",
                "/dns",
                "/dns/a\nb",
                "/dns/\ud800",
                "/sni/\u0007",
                "/http-path/%",
                "/http-path/%4",
                "/http-path/%4g",
                "/http-path",
                "/quic/1234",
                "/onion/timaq4ygg2iegci7",
                "/onion/timaq4ygg2iegci7:",
                "/onion/timaq4ygg2iegci7:65536",
                "/onion/timaq4ygg2iegci:80",
                "/certhash/u",
                "/certhash/uEiDD",
                "/certhash/x",
                "/p2p/Qm",
                "/p2p/1",
                "/p2p/z",
                "/p2p/12D3KooW0",
                "/garlic32/aaaa",
                "/garlic64/AAAA",
                "/p2p-circuit/50",
                "/p2p/bafybeibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq",
                "/ws/wss/nothing"
            })
    void malformedTextIsRefused(String text) {
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> Multiaddr.of(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "04",
                "0401020304ff",
                "04010203",
                "8400",
                "ffffffffffffffffff01",
                "350141ff",
                "3500",
                "3501",
                "35ffffffffffffffff7f",
                "3580808080808080808001",
                "350100",
                "35012f",
                "3501ff",
                "3502c080",
                "900300",
                "9003012f",
                "90030161",
                "9003032f612f",
                "9003022f6106",
                "9003022f610601bb",
                "a50300",
                "a503021200",
                "a503031101aa",
                "d2030112",
                "d203021201",
                "bc03000102030405060708090000",
                "bf03021234",
                "be03021234",
                "890601",
                "e10300"
            })
    void malformedBytesAreRefused(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> Multiaddr.of(bytes));
    }

    @Test
    void nothingFollowsAPath() {
        Multiaddr path = Multiaddr.of("/unix/tmp/socket");
        assertThat(path.value(Protocol.UNIX)).contains("/tmp/socket");
        assertThat(path).isEqualTo(Multiaddr.of(Component.of(Protocol.UNIX, "tmp/socket")));
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> path.with(Protocol.TLS));
    }

    @Test
    void onlyPeerIdsAreAcceptedAsSuch() {
        Component.of(Protocol.P2P, Multihash.identity(new byte[42]).toBytes());
        assertThatExceptionOfType(MultiformatException.class)
                .isThrownBy(() -> Component.of(
                        Protocol.P2P, Multihash.identity(new byte[43]).toBytes()));
        assertThatExceptionOfType(MultiformatException.class)
                .isThrownBy(() -> Component.of(
                        Protocol.P2P, Multihash.of(0x12, new byte[31]).toBytes()));
        assertThatExceptionOfType(MultiformatException.class)
                .isThrownBy(() -> Component.of(
                        Protocol.P2P, Multihash.of(0x13, new byte[32]).toBytes()));
    }

    @Test
    void valuesComeOnlyWhereTheyBelong() {
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> Component.of(Protocol.TCP));
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> Component.of(Protocol.WS, "1"));
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> Component.of(Protocol.WS, new byte[1]));
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> Component.of(Protocol.TCP, new byte[3]));
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> Component.of(Protocol.DNS, new byte[0]));
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> Multiaddr.of(new Component[0]));
    }

    @Test
    void anAddressOfHostileSizeIsRefused() {
        String text = "/ws".repeat(400_000);
        byte[] bytes = new byte[1 << 20];
        String tooManyBytes = "/dns/" + "a".repeat(Multiaddr.MAX_BYTES);
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> Multiaddr.of(text));
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> Multiaddr.of(bytes));
        assertThatExceptionOfType(MultiformatException.class)
                .isThrownBy(() -> Multiaddr.of(tooManyBytes))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
        Multiaddr largest = Multiaddr.of(Multiaddr.of(Component.of(Protocol.WS))
                .with(Protocol.DNS, "a".repeat(Multiaddr.MAX_BYTES - 5))
                .toBytes());
        assertThat(largest.length()).isEqualTo(Multiaddr.MAX_BYTES);
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> largest.with(Protocol.WS));
    }

    @Test
    void theLongestTextOfTheLargestAddressIsAccepted() {
        Component[] components = new Component[Multiaddr.MAX_BYTES / 2];
        java.util.Arrays.fill(components, Component.of(Protocol.P2P_WEBSOCKET_STAR));
        Multiaddr address = Multiaddr.of(components);
        assertThat(Multiaddr.of(address.toString())).isEqualTo(address);
    }
}
