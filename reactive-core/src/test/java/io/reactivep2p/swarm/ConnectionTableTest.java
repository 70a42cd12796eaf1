package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.event.EventHub;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peerstore.Peerstore;
import io.reactivep2p.resource.Limits;
import io.reactivep2p.resource.ResourceLimitException;
import io.reactivep2p.testing.FakeMuxedConnection;
import io.reactivep2p.testing.ManualEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {

    private final EventHub<HostEvent> events = new EventHub<>();
    private final List<HostEvent> seen = new ArrayList<>();

    @Test
    void aPeerIsConnectedWithItsFirstConnectionAndGoneWithItsLast() {
        ConnectionTable table = table(10, 3);
        events.events().subscribe(seen::add);
        DefaultConnection first = connection(1);
        DefaultConnection second = connection(1);

        table.add(first);
        table.add(second);
        table.remove(first);
        assertThat(seen).containsExactly(new HostEvent.PeerConnected(peer(1)));
        table.remove(second);

        assertThat(seen).containsExactly(new HostEvent.PeerConnected(peer(1)), new HostEvent.PeerDisconnected(peer(1)));
        assertThat(table.all()).isEmpty();
    }

    @Test
    void theOldestConnectionThatIsOpenIsTheOneToUse() {
        ConnectionTable table = table(10, 3);
        DefaultConnection first = connection(1);
        DefaultConnection second = connection(1);
        table.add(first);
        table.add(second);

        assertThat(table.best(peer(1))).isSameAs(first);
        first.muxed().close(ErrorCode.NONE);
        assertThat(table.best(peer(1))).isSameAs(second);
        assertThat(table.best(peer(2))).isNull();
    }

    @Test
    void oneTooManyIsRefusedAndTakesNoPlace() {
        ConnectionTable table = table(3, 2);
        table.add(connection(1));
        DefaultConnection second = connection(1);
        table.add(second);

        assertThatThrownBy(() -> table.add(connection(1))).isInstanceOf(ResourceLimitException.class);
        table.add(connection(2));
        assertThatThrownBy(() -> table.add(connection(3))).isInstanceOf(ResourceLimitException.class);
        table.remove(second);
        table.add(connection(3));

        assertThat(table.all()).hasSize(3);
    }

    @Test
    void theLimitsHoldWhenManyComeAtOnce() throws Exception {
        int threads = 8;
        ConnectionTable table = table(50, 8);
        Queue<DefaultConnection> added = new ConcurrentLinkedQueue<>();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                List<DefaultConnection> own = IntStream.range(0, 100)
                        .mapToObj(i -> connection(i % 10))
                        .toList();
                running.add(pool.submit(() -> {
                    start.await();
                    for (DefaultConnection connection : own) {
                        try {
                            table.add(connection);
                            added.add(connection);
                        } catch (ResourceLimitException full) {
                            DefaultConnection other = added.poll();
                            if (other != null) {
                                table.remove(other);
                            }
                        }
                        assertThat(table.of(connection.remotePeer())).hasSizeLessThanOrEqualTo(8);
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> one : running) {
                one.get(10, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(table.all()).containsExactlyInAnyOrderElementsOf(added).hasSizeLessThanOrEqualTo(50);
        added.forEach(table::remove);
        assertThat(table.all()).isEmpty();
        IntStream.range(0, 50).forEach(i -> table.add(connection(i % 10)));
        assertThatThrownBy(() -> table.add(connection(1))).isInstanceOf(ResourceLimitException.class);
    }

    private ConnectionTable table(int connections, int perPeer) {
        return new ConnectionTable(Limits.defaults().withConnections(connections, perPeer), events);
    }

    private static final List<PeerId> PEERS = IntStream.range(0, 10)
            .mapToObj(i -> {
                byte[] seed = new byte[32];
                seed[0] = (byte) i;
                return PeerId.of(KeyPair.ofSeed(seed).publicKey());
            })
            .toList();

    private static PeerId peer(int number) {
        return PEERS.get(number);
    }

    private static DefaultConnection connection(int peer) {
        return new DefaultConnection(
                new FakeMuxedConnection(new ManualEventExecutor(), peer(peer)),
                null,
                Peerstore.inMemory(),
                1,
                Duration.ofSeconds(10));
    }
}
