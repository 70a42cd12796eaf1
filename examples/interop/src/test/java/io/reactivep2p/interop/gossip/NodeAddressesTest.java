package io.reactivep2p.interop.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NodeAddressesTest {

    @Test
    void aHostsNameSaysWhichNodeItIs() {
        assertThat(NodeAddresses.nodeOf("node12")).isEqualTo(12);
        assertThat(NodeAddresses.nodeOf("node3.example")).isEqualTo(3);
        assertThatThrownBy(() -> NodeAddresses.nodeOf("localhost"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("localhost");
    }

    @Test
    void theSimulatorHasThemAllOnOnePort() {
        assertThat(NodeAddresses.ofSimulator().listen(5)).isEqualTo("/ip4/0.0.0.0/tcp/9000");
    }

    @Test
    void givenAddressesAreDialedUnderTheNodesIdentity() {
        NodeAddresses addresses = NodeAddresses.of("127.0.0.1:4001,127.0.0.1:4002");

        assertThat(addresses.listen(1)).isEqualTo("/ip4/0.0.0.0/tcp/4002");
        assertThat(addresses.dial(0))
                .isEqualTo("/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN");
        assertThatThrownBy(() -> addresses.dial(2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NodeAddresses.of("4001")).isInstanceOf(IllegalArgumentException.class);
    }
}
