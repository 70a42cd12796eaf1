package io.reactivep2p.security.tls;

import static io.reactivep2p.security.tls.CertificateForge.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.reactivep2p.crypto.Der;
import io.reactivep2p.crypto.DerReader;
import io.reactivep2p.security.HandshakeException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes, the answer is a host key or a typed error that names a check. */
class CertificateFuzzTest {

    private static final byte[] SOUND = new CertificateForge().encode();

    @FuzzTest(maxDuration = "30s")
    void certificateIsReadOrRefused(FuzzedDataProvider data) {
        certificate(data.consumeRemainingAsBytes());
    }

    @FuzzTest(maxDuration = "30s")
    void extensionIsReadOrRefused(FuzzedDataProvider data) {
        extension(data.consumeRemainingAsBytes());
    }

    @Test
    void randomAndMutatedInputsAreReadOrRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] extension = CertificateFields.parse(SOUND).hostKeyExtension();
        try {
            for (int i = 0; i < 5_000; i++) {
                certificate(mutated(SOUND, random));
                extension(mutated(extension, random));
                algorithms(random);
            }
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static byte[] mutated(byte[] valid, Random random) {
        byte[] mutated =
                Arrays.copyOf(valid, valid.length - (random.nextInt(4) == 0 ? random.nextInt(valid.length) : 0));
        for (int flips = random.nextInt(5); flips >= 0 && mutated.length > 0; flips--) {
            mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
        }
        if (random.nextInt(4) == 0) {
            int at = random.nextInt(valid.length);
            byte[] longer = new byte[mutated.length + 8];
            System.arraycopy(mutated, 0, longer, 0, Math.min(at, mutated.length));
            System.arraycopy(valid, 0, longer, Math.min(at, mutated.length), 8);
            return longer;
        }
        return mutated;
    }

    private static void certificate(byte[] bytes) {
        try {
            assertThat(PeerCertificate.verify(bytes, NOW)).isNotNull();
        } catch (HandshakeException e) {
            assertThat(e).hasMessageStartingWith("tls: ");
        }
    }

    private static void extension(byte[] bytes) {
        try {
            assertThat(HostKeyExtension.decode(bytes).vouchesFor(new byte[91])).isFalse();
        } catch (HandshakeException e) {
            assertThat(e).hasMessageStartingWith("tls: ");
        }
    }

    /** Beyond the structure: keys and signatures of random bytes under known and unknown names. */
    private static void algorithms(Random random) {
        CertificateFields sound = CertificateFields.parse(SOUND);
        byte[] bits = new byte[random.nextInt(100)];
        random.nextBytes(bits);
        String[] keys = {
            "301306072a8648ce3d020106082a8648ce3d030107",
            "301006072a8648ce3d020106052b81040022",
            "300d06092a864886f70d0101010500",
            "300506032b6570"
        };
        String[] signatures = {
            "300a06082a8648ce3d040302", "300a06082a8648ce3d040303", "300d06092a864886f70d01010b0500", "300506032b6570"
        };
        int kind = random.nextInt(keys.length);
        byte[] key = Der.sequence(HexFormat.of().parseHex(keys[kind]), Der.bitString(bits));
        assertThat(new DerReader(key, "key").element(Der.SEQUENCE)).isEqualTo(key);
        try {
            SelfSignature.verify(new CertificateFields(
                    sound.signed(),
                    HexFormat.of().parseHex(signatures[kind]),
                    NOW,
                    NOW,
                    random.nextInt(8) == 0 ? bits : key,
                    sound.hostKeyExtension(),
                    bits));
            throw new AssertionError("a random signature is valid");
        } catch (HandshakeException e) {
            assertThat(e).hasMessageStartingWith("tls: ");
        }
    }
}
