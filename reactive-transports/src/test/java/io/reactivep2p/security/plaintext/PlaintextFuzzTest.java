package io.reactivep2p.security.plaintext;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.security.HandshakeException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes as an exchange: a key, a wait for more, or a {@link HandshakeException}. */
class PlaintextFuzzTest {

    @FuzzTest
    void anyExchangeIsReadOrRefused(FuzzedDataProvider data) {
        int cut = data.consumeInt(1, 100);
        read(data.consumeRemainingAsBytes(), cut);
    }

    @Test
    void randomAndMutatedExchangesAreReadOrRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        PublicKey key = KeyPair.generate().publicKey();
        ByteBuf buffer = Unpooled.buffer();
        PlaintextExchange.write(key, buffer);
        byte[] valid = Arrays.copyOf(buffer.array(), buffer.readableBytes());
        try {
            for (int i = 0; i < 10_000; i++) {
                byte[] mutated = valid.clone();
                for (int flips = random.nextInt(4); flips >= 0; flips--) {
                    mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
                }
                read(mutated, 1 + random.nextInt(mutated.length));
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                read(noise, 1 + random.nextInt(60));
            }
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static void read(byte[] bytes, int cut) {
        PlaintextExchange exchange = new PlaintextExchange(null);
        try {
            for (int at = 0; at < bytes.length; at += cut) {
                PublicKey key = exchange.onBytes(Unpooled.wrappedBuffer(bytes, at, Math.min(cut, bytes.length - at)));
                if (key != null) {
                    assertThat(PublicKey.decode(key.encode())).isEqualTo(key);
                    return;
                }
            }
        } catch (HandshakeException e) {
            assertThat(e).hasMessageStartingWith("plaintext: ");
        }
    }
}
