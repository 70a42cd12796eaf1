package io.reactivep2p.security.noise;

import static io.reactivep2p.security.noise.NoisePair.ALICE;
import static io.reactivep2p.security.noise.NoisePair.BOB;
import static io.reactivep2p.security.noise.NoisePair.parameters;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.security.HandshakeException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes, the answer is a typed error or a result; never another exception, never a leak. */
class NoiseFuzzTest {

    private static final Noise NOISE = Noise.create(spec -> spec.engine(AeadEngine.JDK));

    @FuzzTest
    void payloadIsReadOrRefused(FuzzedDataProvider data) {
        payload(data.consumeRemainingAsBytes());
    }

    @FuzzTest
    void framesAreReadOrRefused(FuzzedDataProvider data) {
        int chunk = data.consumeInt(1, 100);
        frames(data.consumeRemainingAsBytes(), chunk);
    }

    @FuzzTest
    void handshakeEndsOrWaits(FuzzedDataProvider data) {
        handshake(data.consumeBoolean(), data.consumeRemainingAsBytes());
    }

    @Test
    void randomAndMutatedInputsAreReadOrRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] valid = NoisePayload.encode(
                ALICE.publicKey().encode(), ALICE.sign(new byte[1]), List.of(NoisePair.YAMUX, NoisePair.MPLEX));
        try {
            for (int i = 0; i < 600; i++) {
                byte[] mutated = Arrays.copyOf(valid, valid.length - (random.nextInt(4) == 0 ? random.nextInt(90) : 0));
                for (int flips = random.nextInt(4); flips >= 0; flips--) {
                    mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
                }
                payload(mutated);
                byte[] noise = new byte[random.nextInt(300)];
                random.nextBytes(noise);
                // Small lengths, so that frames end.
                for (int at = 0; at < noise.length; at += 20) {
                    noise[at] = 0;
                }
                frames(noise, 1 + random.nextInt(40));
                if (i % 20 == 0) {
                    handshake(random.nextBoolean(), noise);
                }
            }
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static void payload(byte[] bytes) {
        try {
            NoisePayload payload = NoisePayload.decode(bytes);
            assertThat(payload.muxers()).hasSizeLessThanOrEqualTo(NoisePayload.MAX_MUXERS);
            assertThat(payload.vouchesFor(new byte[32])).isFalse();
        } catch (HandshakeException e) {
            assertThat(e).hasMessageStartingWith("noise: ");
        }
    }

    private static void frames(byte[] bytes, int chunk) {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        NoiseFrameReader reader = new NoiseFrameReader(allocator);
        byte[] target = new byte[NoiseFrames.MAX_LENGTH];
        try {
            for (int from = 0; from < bytes.length; from += chunk) {
                var in = allocator.directBuffer().writeBytes(bytes, from, Math.min(chunk, bytes.length - from));
                try {
                    while (reader.next(in, target, 16, 40_000) != NoiseFrameReader.INCOMPLETE) {
                        assertThat(reader.heldBytes()).isZero();
                    }
                } finally {
                    in.release();
                }
            }
            assertThat(reader.heldBytes()).isLessThanOrEqualTo(40_002);
        } catch (ProtocolViolationException e) {
            assertThat(e).hasMessageStartingWith("noise: ");
        } finally {
            reader.close();
        }
        NoisePair.assertNothingLeaked(allocator);
    }

    private static void handshake(boolean initiator, byte[] bytes) {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        NoisePair.End end = new NoisePair.End(
                allocator,
                initiator ? Direction.OUTBOUND : Direction.INBOUND,
                NOISE,
                parameters(initiator ? ALICE : BOB, null, NoisePair.YAMUX));
        end.receive(bytes);
        assertThat(end.secured).isNull();
        if (end.handshakeError != null) {
            assertThat(end.handshakeError).isInstanceOf(HandshakeException.class);
            assertThat(end.channel.isOpen()).isFalse();
        }
        end.close();
        NoisePair.assertNothingLeaked(allocator);
    }
}
