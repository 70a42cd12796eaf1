package io.reactivep2p.security.pnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.upgrade.ConnectionUpgrader;
import io.reactivep2p.upgrade.UpgraderOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Whatever a stranger sends to a member: the upgrade ends in a {@link HandshakeException}, in time, and nothing is left. The keystream is known
 * here, so half of the inputs arrive as the fuzzer means them.
 */
class PrivateNetworkFuzzTest {

    private static final PreSharedKey KEY = PreSharedKey.of(new byte[PreSharedKey.BYTES]);
    private static final PrivateNetwork NETWORK = PrivateNetwork.create(KEY);
    private static final ConnectionUpgrader UPGRADER = ConnectionUpgrader.create(
            KeyPair.ofSeed(new byte[32]),
            List.of(Noise.create()),
            List.of(Yamux.create()),
            new UpgraderOptions(UpgraderOptions.DEFAULT_TIMEOUT, NETWORK));
    private static final Multiaddr ANYWHERE = Multiaddr.of("/memory/1");

    @FuzzTest
    void anyStrangerIsRefused(FuzzedDataProvider data) {
        boolean member = data.consumeBoolean();
        boolean dialed = data.consumeBoolean();
        int cut = data.consumeInt(1, 100);
        refused(data.consumeRemainingAsBytes(), member, dialed, cut);
    }

    @Test
    void randomStrangersAreRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try {
            for (int i = 0; i < 400; i++) {
                byte[] bytes = new byte[random.nextInt(300)];
                random.nextBytes(bytes);
                refused(bytes, random.nextBoolean(), random.nextBoolean(), 1 + random.nextInt(60));
            }
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static void refused(byte[] bytes, boolean member, boolean dialed, int cut) {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.config().setAllocator(allocator);
        List<MuxedConnection> made = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        UPGRADER.upgrade(
                        new RawConnection(channel, ANYWHERE, ANYWHERE, dialed ? Direction.OUTBOUND : Direction.INBOUND),
                        null)
                .subscribe(made::add, failures::add);
        byte[] input = bytes.clone();
        if (member && input.length > XSalsa20.NONCE_BYTES) {
            byte[] nonce = new byte[XSalsa20.NONCE_BYTES];
            System.arraycopy(input, 0, nonce, 0, nonce.length);
            KEY.cipher(nonce).apply(input, nonce.length, input.length - nonce.length);
        }
        for (int at = 0; at < input.length && channel.isOpen(); at += cut) {
            channel.writeInbound(allocator.directBuffer().writeBytes(input, at, Math.min(cut, input.length - at)));
        }
        channel.advanceTimeBy(UpgraderOptions.DEFAULT_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        assertThat(made).isEmpty();
        assertThat(channel.isOpen()).isFalse();
        // Who has greeted as a member is told what it does wrong after that as any other peer is.
        assertThat(failures).hasSize(1);
        if (!member) {
            assertThat(failures.get(0)).isInstanceOf(HandshakeException.class).hasNoCause();
        }
        channel.finishAndReleaseAll();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }
}
