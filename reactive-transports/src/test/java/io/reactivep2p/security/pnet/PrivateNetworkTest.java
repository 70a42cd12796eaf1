package io.reactivep2p.security.pnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.Libp2p;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.host.Host;
import io.reactivep2p.multistream.NegotiationException;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.protocol.ping.Ping;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.stack.StandardStack;
import io.reactivep2p.testkit.HostExtension;
import io.reactivep2p.testkit.WirePair;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.tcp.Tcp;
import io.reactivep2p.upgrade.ConnectionUpgrader;
import io.reactivep2p.upgrade.UpgraderOptions;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole upgrades between members, strangers and peers of no network. */
class PrivateNetworkTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final KeyPair ALICE = KeyPair.generate();
    private static final KeyPair BOB = KeyPair.generate();

    @RegisterExtension
    final HostExtension hosts = HostExtension.create(() -> Libp2p.host()
            .transport(Tcp.create())
            .security(Noise.create())
            .muxer(Yamux.create())
            .apply(StandardStack.services())
            .listen("/ip4/127.0.0.1/tcp/0"));

    private static PrivateNetwork network(int secret) {
        byte[] key = new byte[PreSharedKey.BYTES];
        Arrays.fill(key, (byte) secret);
        return PrivateNetwork.create(PreSharedKey.of(key));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 24, 25, 4_096})
    void membersConnectHoweverTheBytesAreCut(int maxChunk) {
        try (WirePair wire = new WirePair(1, maxChunk)) {
            End dialer = new End(network(1), ALICE, wire.dialed());
            End listener = new End(network(1), BOB, wire.accepted());
            wire.pump();
            assertThat(dialer.connection().remotePeer()).isEqualTo(PeerId.of(BOB.publicKey()));
            assertThat(listener.connection().remotePeer()).isEqualTo(PeerId.of(ALICE.publicKey()));
        }
    }

    @Test
    void membersOfDifferentNetworksDoNotConnect() {
        for (int round = 0; round < 50; round++) {
            refused(network(1), network(2), round);
        }
    }

    @Test
    void aMemberDoesNotConnectToWhoIsInNoNetwork() {
        for (int round = 0; round < 50; round++) {
            refused(network(1), null, round);
            refused(null, network(1), round);
        }
    }

    /** What a wrong key makes of the first bytes may be a message that never ends: the time limit is part of the refusal. */
    private static void refused(@Nullable PrivateNetwork dialers, @Nullable PrivateNetwork listeners, int seed) {
        try (WirePair wire = new WirePair(seed, 100)) {
            End dialer = new End(dialers, ALICE, wire.dialed());
            End listener = new End(listeners, BOB, wire.accepted());
            wire.pump();
            wire.advance(UpgraderOptions.DEFAULT_TIMEOUT);
            for (End end : List.of(dialer, listener)) {
                assertThat(end.made).isNull();
                assertThat(end.raw.channel().isOpen()).isFalse();
                assertThat(end.failure).isInstanceOf(Libp2pException.class);
                if (end.network != null) {
                    assertThat(end.failure)
                            .isExactlyInstanceOf(HandshakeException.class)
                            .hasMessageContaining("in a private network, which the remote peer may not be in")
                            .hasNoCause();
                } else {
                    assertThat(end.failure).isInstanceOfAny(HandshakeException.class, NegotiationException.class);
                }
            }
            assertThat(wire.hasTimers()).isFalse();
        }
    }

    @Test
    void nothingOfTheConversationIsReadableOnTheWire() {
        StringBuilder seen = new StringBuilder();
        try (WirePair wire = new WirePair(3, 4_096)) {
            wire.changeTowardsListener(data -> {
                seen.append(data.toString(StandardCharsets.ISO_8859_1));
                return data;
            });
            End dialer = new End(network(1), ALICE, wire.dialed());
            End listener = new End(network(1), BOB, wire.accepted());
            wire.pump();
            assertThat(dialer.connection()).isNotNull();
            assertThat(listener.connection()).isNotNull();
            assertThat(seen.toString()).hasSizeGreaterThan(100).doesNotContain("multistream", "noise");
        }
    }

    @Test
    void noTwoConnectionsShareANonce() {
        PrivateNetwork network = PrivateNetwork.create(PreSharedKey.generate(new SecureRandom()));
        byte[][] nonces = new byte[2][];
        for (int i = 0; i < nonces.length; i++) {
            try (WirePair wire = new WirePair(i, 100)) {
                network.protect(wire.dialed());
                io.netty.buffer.ByteBuf sent = ((io.netty.channel.embedded.EmbeddedChannel)
                                wire.dialed().channel())
                        .readOutbound();
                nonces[i] = new byte[sent.readableBytes()];
                sent.readBytes(nonces[i]);
                sent.release();
            }
        }
        assertThat(nonces[0]).hasSize(24).isNotEqualTo(nonces[1]);
    }

    @Test
    void hostsOfOneNetworkPingEachOther() {
        Host listener = hosts.start(builder -> builder.privateNetwork(network(1)));
        Host member = hosts.start(builder -> builder.privateNetwork(network(1)));
        Connection connection = member.dial(listener.fullAddresses().get(0)).block(PATIENCE);
        assertThat(Ping.create().pings(connection).take(3).collectList().block(PATIENCE))
                .hasSize(3);
    }

    private static final class End {

        private final @Nullable PrivateNetwork network;
        private final RawConnection raw;
        private @Nullable MuxedConnection made;
        private @Nullable Throwable failure;

        End(@Nullable PrivateNetwork network, KeyPair identity, RawConnection raw) {
            this.network = network;
            this.raw = raw;
            ConnectionUpgrader.create(
                            identity,
                            List.of(Noise.create()),
                            List.of(Yamux.create()),
                            new UpgraderOptions(UpgraderOptions.DEFAULT_TIMEOUT, network))
                    .upgrade(raw, null)
                    .subscribe(connection -> made = connection, error -> failure = error);
        }

        MuxedConnection connection() {
            assertThat(failure).isNull();
            assertThat(made).isNotNull();
            return made;
        }
    }
}
