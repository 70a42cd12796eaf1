package io.reactivep2p.security.pnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.reactivep2p.crypto.MalformedKeyException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a key file holds, the answer is a key or a {@link MalformedKeyException}. */
class PreSharedKeyFuzzTest {

    private static final String[] ENCODINGS = {"/base16/", "/base64/", "/bin/", "/base58/"};

    @FuzzTest
    void anyFileIsReadOrRefused(FuzzedDataProvider data) {
        decode(data.consumeRemainingAsBytes());
    }

    @FuzzTest
    void anyKeyBehindAGoodHeadIsReadOrRefused(FuzzedDataProvider data) {
        decode(file(data.consumeInt(0, ENCODINGS.length - 1), "\n", data.consumeRemainingAsBytes()));
    }

    @Test
    void randomAndMutatedFilesAreReadOrRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        PreSharedKey key = PreSharedKey.generate(new SecureRandom());
        byte[] valid = key.encode();
        try {
            for (int i = 0; i < 20_000; i++) {
                byte[] cut = Arrays.copyOf(valid, random.nextInt(valid.length + 1));
                decode(cut);
                byte[] mutated = valid.clone();
                for (int flips = random.nextInt(3); flips >= 0; flips--) {
                    mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
                }
                decode(mutated);
                byte[] tail = new byte[random.nextInt(70)];
                random.nextBytes(tail);
                byte[] text = random.nextBoolean() ? Base64.getEncoder().encode(tail) : tail;
                decode(file(random.nextInt(ENCODINGS.length), random.nextBoolean() ? "\n" : "\r\n", text));
            }
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static byte[] file(int encoding, String endOfLine, byte[] rest) {
        byte[] head = ("/key/swarm/psk/1.0.0/" + endOfLine + ENCODINGS[encoding] + endOfLine)
                .getBytes(StandardCharsets.US_ASCII);
        byte[] file = Arrays.copyOf(head, head.length + rest.length);
        System.arraycopy(rest, 0, file, head.length, rest.length);
        return file;
    }

    private static void decode(byte[] file) {
        try {
            PreSharedKey key = PreSharedKey.decode(file);
            assertThat(PreSharedKey.decode(key.encode())).isEqualTo(key);
        } catch (MalformedKeyException e) {
            assertThat(e).hasMessageStartingWith("no pre-shared key: ").hasNoCause();
        }
    }
}
