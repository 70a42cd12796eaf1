package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.multiformats.Multiaddr;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressDistanceTest {

    private static final String RELAY = "/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N/p2p-circuit";

    /** Of each range its last member, its first, and the neighbours outside. */
    @ParameterizedTest
    @CsvSource({
        "/memory/7,                                 NEAR,      false",
        "/unix/tmp%2Fsocket,                        NEAR,      false",
        "/ip4/127.0.0.1/tcp/1,                      NEAR,      false",
        "/ip4/127.255.0.9/udp/1/quic-v1,            NEAR,      false",
        "/ip6/::1/tcp/1,                            NEAR,      false",
        "/ip6/::2/tcp/1,                            PUBLIC,    false",
        "/ip4/9.255.255.255/tcp/1,                  PUBLIC,    true",
        "/ip4/10.1.2.3/tcp/1,                       NEAR,      false",
        "/ip4/172.16.0.1/tcp/1,                     NEAR,      false",
        "/ip4/172.31.255.255/tcp/1,                 NEAR,      false",
        "/ip4/172.32.0.1/tcp/1,                     PUBLIC,    true",
        "/ip4/192.168.1.1/tcp/1,                    NEAR,      false",
        "/ip4/169.254.1.1/tcp/1,                    NEAR,      false",
        "/ip4/100.64.0.1/tcp/1,                     NEAR,      false",
        "/ip4/100.127.255.255/tcp/1,                NEAR,      false",
        "/ip4/100.128.0.1/tcp/1,                    PUBLIC,    true",
        "/ip4/100.63.255.255/tcp/1,                 PUBLIC,    true",
        "/ip6/fd00::1/tcp/1,                        NEAR,      false",
        "/ip6/fc12::1/tcp/1,                        NEAR,      false",
        "/ip6/fe80::1/tcp/1,                        NEAR,      false",
        "/ip6/febf:ffff::1/tcp/1,                   NEAR,      false",
        "/ip6/fec0::1/tcp/1,                        PUBLIC,    false",
        "/ip6zone/eth0/ip6/fe80::1/tcp/1,           NEAR,      false",
        "/ip6/::ffff:10.1.2.3/tcp/1,                NEAR,      false",
        "/ip6/::ffff:8.8.8.8/tcp/1,                 PUBLIC,    true",
        "/ip6/2001:db8::1/tcp/1,                    PUBLIC,    false",
        "/ip6/2001:db9::1/tcp/1,                    PUBLIC,    true",
        "/ip6/2a00::1/udp/1/quic-v1,                PUBLIC,    true",
        "/ip6/64:ff9b::808:808/tcp/1,               PUBLIC,    true",
        "/ip6/64:ff9b:1::1/tcp/1,                   PUBLIC,    true",
        "/ip6/ff02::1/tcp/1,                        PUBLIC,    false",
        "/ip4/8.8.8.8/tcp/1,                        PUBLIC,    true",
        "/ip4/0.1.2.3/tcp/1,                        PUBLIC,    false",
        "/ip4/192.0.2.1/tcp/1,                      PUBLIC,    false",
        "/ip4/198.51.100.1/tcp/1,                   PUBLIC,    false",
        "/ip4/203.0.113.1/tcp/1,                    PUBLIC,    false",
        "/ip4/198.19.255.255/tcp/1,                 PUBLIC,    false",
        "/ip4/224.0.0.1/udp/1,                      PUBLIC,    false",
        "/ip4/255.255.255.255/udp/1,                PUBLIC,    false",
        "/dns4/example.org/tcp/1,                   PUBLIC,    true",
        "/dns/localhost/tcp/1,                      NEAR,      false",
        "/dns/node.LOCALHOST/tcp/1,                 NEAR,      false",
        "/dns/notlocalhost/tcp/1,                   PUBLIC,    true",
        "/dns/printer.local/tcp/1,                  PUBLIC,    false",
        "/dnsaddr/node.invalid,                     PUBLIC,    false",
        "/onion3/vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd:1234, ELSEWHERE, false",
        "/tcp/1,                                    ELSEWHERE, false",
        "/ip6zone/eth0,                             ELSEWHERE, false",
    })
    void anAddressIsNearOrPublicAndRoutableOrNot(String address, AddressDistance expected, boolean routable) {
        assertThat(AddressDistance.of(Multiaddr.of(address))).isEqualTo(expected);
        assertThat(AddressDistance.isRoutable(Multiaddr.of(address))).isEqualTo(routable);
        if (!address.startsWith("/unix")) {
            assertThat(AddressDistance.of(Multiaddr.of(address + RELAY))).isEqualTo(AddressDistance.RELAYED);
            assertThat(AddressDistance.isRoutable(Multiaddr.of(address + RELAY)))
                    .isEqualTo(routable);
        }
    }
}
