package io.reactivep2p.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Protocol;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InetEndpointTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/192.0.2.1/tcp/0",
                "/ip4/255.255.255.255/tcp/65535",
                "/ip6/2001:db8::1/tcp/4001",
                "/ip6/::/tcp/4001",
                "/ip6/::1/tcp/4001",
            })
    void socketAndMultiaddrAreTheSameThing(String text) throws Exception {
        InetEndpoint endpoint =
                InetEndpoint.of(Multiaddr.of(text), Protocol.TCP).orElseThrow();
        assertThat(InetEndpoint.multiaddr(endpoint.socketAddress(), Protocol.TCP))
                .hasToString(text);
        assertThat(endpoint.rest()).isEmpty();
    }

    @Test
    void whatFollowsThePortIsTheRest() {
        InetEndpoint endpoint = InetEndpoint.of(Multiaddr.of("/ip4/192.0.2.1/udp/1/quic-v1"), Protocol.UDP)
                .orElseThrow();
        assertThat(endpoint.rest()).extracting(c -> c.protocol()).containsExactly(Protocol.QUIC_V1);
        assertThat(endpoint.port()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/192.0.2.1",
                "/tcp/1",
                "/tcp/1/ip4/192.0.2.1",
                "/ip4/192.0.2.1/udp/1",
                "/ip4/192.0.2.1/ip4/192.0.2.1/tcp/1",
                "/ip6zone/eth0",
                "/ip6zone/eth0/ip6/fe80::1",
                "/ip6zone/eth0/ip4/192.0.2.1/tcp/1",
                "/ip6zone/eth0/ip6zone/eth0/ip6/fe80::1/tcp/1",
                "/dns4/a/tcp/1",
                "/dnsaddr/a",
                "/p2p-circuit/ip4/192.0.2.1/tcp/1",
                "/ip4/192.0.2.0/ipcidr/24/tcp/1",
            })
    void otherHeadsAreNone(String text) {
        assertThat(InetEndpoint.of(Multiaddr.of(text), Protocol.TCP)).isEmpty();
    }

    @Test
    void mappedIp4IsIp4() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, 1};
        InetAddress ip = Inet6Address.getByAddress(null, mapped, -1);
        assertThat(ip).isInstanceOf(Inet6Address.class);
        assertThat(InetEndpoint.multiaddr(new InetSocketAddress(ip, 1), Protocol.TCP))
                .hasToString("/ip4/192.0.2.1/tcp/1");
        assertThat(InetEndpoint.of(Multiaddr.of("/ip6/::ffff:192.0.2.1/tcp/1"), Protocol.TCP)
                        .orElseThrow()
                        .ip())
                .isInstanceOf(Inet4Address.class);
    }

    @Test
    void aZoneIsKeptForLinkLocalAddressesOnly() throws Exception {
        byte[] linkLocal = InetAddress.getByName("fe80::1").getAddress();
        byte[] global = InetAddress.getByName("2001:db8::1").getAddress();
        assertThat(InetEndpoint.multiaddr(
                        new InetSocketAddress(Inet6Address.getByAddress(null, linkLocal, 4_000_000), 1), Protocol.TCP))
                .hasToString("/ip6zone/4000000/ip6/fe80::1/tcp/1");
        assertThat(InetEndpoint.multiaddr(
                        new InetSocketAddress(Inet6Address.getByAddress(null, global, 4_000_000), 1), Protocol.TCP))
                .hasToString("/ip6/2001:db8::1/tcp/1");
        InetEndpoint superfluous = InetEndpoint.of(
                        Multiaddr.of("/ip6zone/nosuchif0/ip6/2001:db8::1/tcp/1"), Protocol.TCP)
                .orElseThrow();
        assertThat(superfluous.socketAddress().getAddress()).isEqualTo(InetAddress.getByName("2001:db8::1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nosuchif0", "-1", "99999999999999", "eth0%1", "..", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void aZoneThatIsNoInterfaceIsRefused(String zone) {
        InetEndpoint endpoint = InetEndpoint.of(Multiaddr.of("/ip6zone/" + zone + "/ip6/fe80::1/tcp/1"), Protocol.TCP)
                .orElseThrow();
        assertThatThrownBy(endpoint::socketAddress)
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining(zone);
    }
}
