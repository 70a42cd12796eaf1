package io.reactivep2p.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.multiformats.Multiaddr;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressesTest {

    @Test
    void theUnspecifiedIp4BecomesTheIp4AddressesOfTheInterfaces() {
        assertThat(of("/ip4/0.0.0.0/tcp/4001"))
                .contains("/ip4/127.0.0.1/tcp/4001")
                .doesNotContain("/ip4/0.0.0.0/tcp/4001")
                .doesNotHaveDuplicates()
                .hasSizeLessThanOrEqualTo(ListenAddresses.MAX_ADDRESSES)
                .allMatch(address -> address.startsWith("/ip4/") && address.endsWith("/tcp/4001"));
    }

    @Test
    void theUnspecifiedIp6BecomesTheIp6AddressesOfTheInterfacesWithoutTheirZones() {
        assertThat(of("/ip6/::/udp/4001/quic-v1"))
                .isNotEmpty() // itself on a machine without IPv6
                .allMatch(address -> address.startsWith("/ip6/") && address.endsWith("/udp/4001/quic-v1"))
                .noneMatch(address -> address.contains("fe80:") || address.contains("%"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/127.0.0.1/tcp/1",
                "/ip4/192.0.2.7/tcp/4001",
                "/ip6/2001:db8::7/tcp/4001",
                "/dns4/example.org/tcp/1",
                "/memory/1",
                "/p2p-circuit/ip4/0.0.0.0/tcp/1"
            })
    void anAddressThatNamesItsIpStaysAsItIs(String address) {
        assertThat(of(address)).containsExactly(address);
    }

    private static List<String> of(String bound) {
        return ListenAddresses.of(Multiaddr.of(bound)).stream()
                .map(Multiaddr::toString)
                .toList();
    }
}
