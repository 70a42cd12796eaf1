package io.reactivep2p.security.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The engines are interchangeable. */
class AeadEngineTest {

    private static final SecretKeySpec KEY = new SecretKeySpec(NoisePair.filled(5), "ChaCha20");

    @Test
    void allEnginesAreAvailableHere() {
        // Conscrypt is on this module's test classpath; the build would prove little without it.
        assertThat(AeadEngine.values()).allMatch(AeadEngine::isAvailable);
    }

    @Test
    void allEnginesAgree() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        AeadCipher reference = AeadEngine.BOUNCY_CASTLE.newCipher();
        AeadCipher[] others = {AeadEngine.JDK.newCipher(), AeadEngine.CONSCRYPT.newCipher()};
        for (int round = 0; round < 200; round++) {
            byte[] plaintext = new byte[round < 100 ? round : random.nextInt(NoiseFrames.MAX_PLAINTEXT + 1)];
            random.nextBytes(plaintext);
            byte[] data = new byte[random.nextInt(3) * 16];
            random.nextBytes(data);
            long nonce = round == 0 ? Long.MIN_VALUE : random.nextLong();
            byte[] expected = new byte[plaintext.length + AeadCipher.TAG_LENGTH];
            reference.encrypt(KEY, nonce, data, plaintext, 0, plaintext.length, expected, 0);
            for (AeadCipher cipher : others) {
                byte[] encrypted = new byte[expected.length];
                assertThat(cipher.encrypt(KEY, nonce, data, plaintext, 0, plaintext.length, encrypted, 0))
                        .isEqualTo(expected.length);
                assertThat(encrypted).as("seed %d", seed).isEqualTo(expected);
                byte[] decrypted = new byte[plaintext.length];
                assertThat(cipher.decrypt(KEY, nonce, data, expected, 0, expected.length, decrypted, 0))
                        .isEqualTo(plaintext.length);
                assertThat(decrypted).as("seed %d", seed).isEqualTo(plaintext);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(AeadEngine.class)
    void everyFlippedBitIsNoticed(AeadEngine engine) {
        AeadCipher cipher = engine.newCipher();
        byte[] encrypted = new byte[48];
        cipher.encrypt(KEY, 7, new byte[] {1}, new byte[32], 0, 32, encrypted, 0);
        byte[] out = new byte[32];
        for (int bit = 0; bit < 8 * encrypted.length; bit++) {
            byte[] forged = encrypted.clone();
            forged[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(cipher.decrypt(KEY, 7, new byte[] {1}, forged, 0, 48, out, 0))
                    .isEqualTo(-1);
        }
        assertThat(cipher.decrypt(KEY, 7, new byte[] {2}, encrypted, 0, 48, out, 0))
                .isEqualTo(-1);
        assertThat(cipher.decrypt(KEY, 8, new byte[] {1}, encrypted, 0, 48, out, 0))
                .isEqualTo(-1);
        // The genuine message is still welcome, with the nonce that all the forgeries tried.
        assertThat(cipher.decrypt(KEY, 7, new byte[] {1}, encrypted, 0, 48, out, 0))
                .isEqualTo(32);
    }

    @ParameterizedTest
    @EnumSource(AeadEngine.class)
    void offsetsAndNeighboursAreRespected(AeadEngine engine) {
        AeadCipher cipher = engine.newCipher();
        byte[] in = new byte[50];
        Arrays.fill(in, (byte) 3);
        byte[] encrypted = new byte[5 + 40 + AeadCipher.TAG_LENGTH + 5];
        assertThat(cipher.encrypt(KEY, 1, AeadCipher.NO_DATA, in, 5, 40, encrypted, 5))
                .isEqualTo(56);
        assertThat(Arrays.copyOf(encrypted, 5)).containsOnly(0);
        assertThat(Arrays.copyOfRange(encrypted, 61, 66)).containsOnly(0);
        byte[] out = new byte[50];
        assertThat(cipher.decrypt(KEY, 1, AeadCipher.NO_DATA, encrypted, 5, 56, out, 5))
                .isEqualTo(40);
        assertThat(Arrays.copyOf(out, 5)).containsOnly(0);
        assertThat(Arrays.copyOfRange(out, 5, 45)).containsOnly(3);
        assertThat(Arrays.copyOfRange(out, 45, 50)).containsOnly(0);
    }

    @Test
    void propertyNamesTheEngine() {
        assertThat(AeadCalibration.choose("bouncy-castle", System::nanoTime)).isEqualTo(AeadEngine.BOUNCY_CASTLE);
        assertThatThrownBy(() -> AeadCalibration.choose("rot13", System::nanoTime))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void calibrationNeverPrefersBouncyCastle() {
        assertThat(AeadCalibration.chosen()).isIn(AeadEngine.JDK, AeadEngine.CONSCRYPT);
    }

    @Test
    void measurementStopsWhenItsTimeIsOverOrItsGoalReached() {
        AtomicLong clock = new AtomicLong();
        // Two messages of 65,519 bytes in 131,038 ns.
        double rate = AeadCalibration.gigabytesPerSecond(
                AeadEngine.JDK, 1_000_000, Double.MAX_VALUE, () -> clock.getAndAdd(2L * NoiseFrames.MAX_PLAINTEXT));
        assertThat(rate).isEqualTo(1.0);
        assertThat(clock.get()).isBetween(1_000_000L, 1_300_000L);
        clock.set(0);
        AeadCalibration.gigabytesPerSecond(
                AeadEngine.JDK, 1_000_000, 0.5, () -> clock.getAndAdd(2L * NoiseFrames.MAX_PLAINTEXT));
        assertThat(clock.get()).isEqualTo(4L * NoiseFrames.MAX_PLAINTEXT);
    }
}
