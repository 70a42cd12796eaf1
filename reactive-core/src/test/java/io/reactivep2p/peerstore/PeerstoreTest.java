package io.reactivep2p.peerstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.KeyType;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PeerstoreTest {

    private static final PeerId PEER = PeerId.of("12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong now =
            new AtomicLong(Long.MAX_VALUE - MINUTE.toNanos() / 2); // the clock wraps during the test
    private final Peerstore store = Peerstore.inMemory(new PeerstoreOptions(3, 4, 2, now::get));

    @Test
    void anAddressIsBelievedUntilItsTimeIsUp() {
        store.addAddresses(PEER, List.of(address(1)), MINUTE);

        pass(MINUTE.minusNanos(1));
        assertThat(store.addresses(PEER)).containsExactly(address(1));
        pass(Duration.ofNanos(1));
        assertThat(store.addresses(PEER)).isEmpty();
    }

    @Test
    void ofTwoLivesTheLongerCounts() {
        store.addAddresses(PEER, List.of(address(1)), MINUTE.multipliedBy(2));
        store.addAddresses(PEER, List.of(address(1)), MINUTE);

        pass(MINUTE);
        assertThat(store.addresses(PEER)).containsExactly(address(1));
    }

    @Test
    void anAddressOfAConnectedPeerDoesNotExpire() {
        store.addAddresses(PEER, List.of(address(1)), Peerstore.CONNECTED_TTL);

        pass(Duration.ofDays(365));
        assertThat(store.addresses(PEER)).containsExactly(address(1));
    }

    @Test
    void theLifeOfAllAddressesCanBeShortened() {
        store.addAddresses(PEER, List.of(address(1), address(2)), Peerstore.CONNECTED_TTL);
        store.updateTtl(PEER, MINUTE);

        pass(MINUTE);
        assertThat(store.addresses(PEER)).isEmpty();
    }

    @Test
    void addressesWithTheLongestLifeComeFirst() {
        store.addAddresses(PEER, List.of(address(1)), MINUTE);
        store.addAddresses(PEER, List.of(address(2)), MINUTE.multipliedBy(3));
        store.addAddresses(PEER, List.of(address(3)), MINUTE.multipliedBy(2));

        assertThat(store.addresses(PEER)).containsExactly(address(2), address(3), address(1));
    }

    @Test
    void tooManyAddressesPushOutThoseWithTheShortestLife() {
        store.addAddresses(
                PEER, IntStream.range(0, 4).mapToObj(PeerstoreTest::address).toList(), MINUTE);
        store.addAddresses(PEER, List.of(address(9)), MINUTE.multipliedBy(2));
        store.addAddresses(PEER, List.of(address(8)), Duration.ofSeconds(1));

        assertThat(store.addresses(PEER)).hasSize(4).contains(address(9)).doesNotContain(address(8));
    }

    @Test
    void aSignedRecordReplacesWhatOthersSaid() {
        store.addAddresses(PEER, List.of(address(1)), MINUTE);

        assertThat(store.setCertifiedAddresses(PEER, 7, List.of(address(2)), MINUTE))
                .isTrue();
        store.addAddresses(PEER, List.of(address(3)), MINUTE);

        assertThat(store.addresses(PEER)).containsExactly(address(2));
    }

    @Test
    void anOlderRecordOrTheSameAgainIsNotTaken() {
        store.setCertifiedAddresses(PEER, -1, List.of(address(1)), MINUTE); // the highest unsigned number

        assertThat(store.setCertifiedAddresses(PEER, 7, List.of(address(2)), MINUTE))
                .isFalse();
        assertThat(store.setCertifiedAddresses(PEER, -1, List.of(address(2)), MINUTE))
                .isFalse();
        assertThat(store.addresses(PEER)).containsExactly(address(1));
    }

    @Test
    void theLastSignedRecordIsKeptAsItCameUnlessItIsTooLong() {
        assertThat(store.signedRecord(PEER)).isEmpty();
        store.putSignedRecord(PEER, new byte[] {1, 2, 3});
        assertThat(store.signedRecord(PEER))
                .hasValueSatisfying(held -> assertThat(held).containsExactly(1, 2, 3));

        store.putSignedRecord(PEER, new byte[Peerstore.MAX_SIGNED_RECORD_BYTES + 1]);
        assertThat(store.signedRecord(PEER)).isEmpty();
    }

    @Test
    void whenTheCertifiedAddressesHaveExpiredOthersCountAgain() {
        store.setCertifiedAddresses(PEER, 7, List.of(address(1)), MINUTE);
        pass(MINUTE);
        store.addAddresses(PEER, List.of(address(2)), MINUTE);

        assertThat(store.addresses(PEER)).containsExactly(address(2));
    }

    @Test
    void cve202340583AddressesOfOnePeerAndPeersInAllAreBounded() {
        for (int peer = 0; peer < 10; peer++) {
            PeerId id = PeerId.of(KeyPair.generate().publicKey());
            store.setCertifiedAddresses(
                    id,
                    1,
                    IntStream.range(0, 500).mapToObj(PeerstoreTest::address).toList(),
                    MINUTE);
            assertThat(store.addresses(id)).hasSize(4);
        }
        assertThat(store.peers()).hasSize(3);
    }

    @Test
    void theProtocolsOfAPeerAreBounded() {
        store.setProtocols(PEER, Set.of(ProtocolId.of("/a"), ProtocolId.of("/b"), ProtocolId.of("/c")));

        assertThat(store.protocols(PEER)).hasSize(2);
    }

    @Test
    void onlyThePeersOwnKeyIsTaken() {
        KeyPair rsa = KeyPair.generate(KeyType.ECDSA);
        PeerId hashed = PeerId.of(rsa.publicKey());

        assertThat(store.key(hashed)).isEmpty();
        assertThatThrownBy(() -> store.addKey(hashed, KeyPair.generate().publicKey()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(hashed.toString());
        store.addKey(hashed, rsa.publicKey());
        assertThat(store.key(hashed)).contains(rsa.publicKey());
        assertThat(store.key(PEER)).isEqualTo(PEER.publicKey()); // inlined: known without being told
    }

    @Test
    void aForgottenPeerIsForgotten() {
        store.addAddresses(PEER, List.of(address(1)), MINUTE);
        store.setProtocols(PEER, Set.of(ProtocolId.of("/a")));
        store.putMetadata(PEER, "AgentVersion", "x".repeat(5_000));
        assertThat(store.metadata(PEER, "AgentVersion")).get().asString().hasSize(MemoryPeerstore.MAX_METADATA_LENGTH);

        store.remove(PEER);

        assertThat(store.peers()).isEmpty();
        assertThat(store.supports(PEER, ProtocolId.of("/a"))).isFalse();
        assertThat(store.metadata(PEER, "AgentVersion")).isEmpty();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static Multiaddr address(int port) {
        return Multiaddr.of("/ip4/192.0.2.1/tcp/" + port);
    }
}
