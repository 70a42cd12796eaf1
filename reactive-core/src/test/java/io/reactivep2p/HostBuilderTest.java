package io.reactivep2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.host.Host;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedTransport;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.Protector;
import io.reactivep2p.testing.PlainTestSecurity;
import io.reactivep2p.testing.TestHosts;
import io.reactivep2p.testing.TestMuxer;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.memory.Memory;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

class HostBuilderTest {

    private static final Map<String, String> FORCED = Map.of("LIBP2P_FORCE_PNET", "1");

    @RegisterExtension
    final TestHosts hosts = new TestHosts();

    @Test
    void anOptionBelongsToTheComponentItConfigures() {
        assertThat(Arrays.stream(HostBuilder.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers())))
                .hasSizeLessThan(15);
    }

    @Test
    void partsMustNotBeMissing() {
        assertThatIllegalStateException().isThrownBy(() -> Libp2p.host().startNow());
    }

    @Test
    void theProtectorIsAskedForEveryConnectionOfBothEnds() {
        List<RawConnection> protectedOnes = new CopyOnWriteArrayList<>();
        Host listener = hosts.listening(builder -> builder.privateNetwork(protectedOnes::add));
        Host dialer = hosts.start(builder -> builder.privateNetwork(protectedOnes::add));
        Connection connection = TestHosts.connect(dialer, listener);
        assertThat(connection.remotePeer()).isEqualTo(listener.id());
        assertThat(protectedOnes).hasSize(2);
    }

    @Test
    void whereTheEnvironmentDemandsAPrivateNetworkNoHostStartsWithout() {
        assertThatIllegalStateException()
                .isThrownBy(() -> complete(FORCED).startNow())
                .withMessageContaining("LIBP2P_FORCE_PNET");
        for (String other : new String[] {"0", "", "true"}) {
            complete(Map.of("LIBP2P_FORCE_PNET", other)).startNow().close().block(TestHosts.PATIENCE);
        }
        complete(FORCED).privateNetwork(raw -> {}).startNow().close().block(TestHosts.PATIENCE);
    }

    @Test
    void aTransportWithItsOwnSecurityIsRefusedInAPrivateNetwork() {
        Protector network = raw -> {};
        assertThatIllegalStateException()
                .isThrownBy(() -> complete(Map.of())
                        .transport(new WholeTransport())
                        .privateNetwork(network)
                        .startNow())
                .withMessageContaining("WholeTransport");
        assertThatThrownBy(() -> complete(Map.of())
                        .privateNetwork(network)
                        .transport(new WholeTransport())
                        .startNow())
                .isInstanceOf(IllegalStateException.class);
        complete(Map.of()).transport(new WholeTransport()).startNow().close().block(TestHosts.PATIENCE);
    }

    private static HostBuilder complete(Map<String, String> environment) {
        return new HostBuilder(environment::get)
                .transport(Memory.create())
                .security(PlainTestSecurity.create())
                .muxer(TestMuxer.create());
    }

    /** As QUIC is. */
    private static final class WholeTransport implements MuxedTransport {

        @Override
        public Mono<MuxedConnection> dial(Multiaddr address, KeyPair identity, PeerId expectedPeer) {
            return Mono.never();
        }

        @Override
        public Mono<Listener> listen(Multiaddr address, KeyPair identity, Consumer<MuxedConnection> acceptor) {
            return Mono.never();
        }

        @Override
        public boolean canDial(Multiaddr address) {
            return false;
        }

        @Override
        public boolean canListen(Multiaddr address) {
            return false;
        }
    }
}
