package io.reactivep2p.security.tls;

import static io.reactivep2p.security.tls.CertificateForge.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.reactivep2p.crypto.Der;
import io.reactivep2p.crypto.DerReader;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.security.HandshakeException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever comes, the answer is a host key or a typed error that names a check. */
class CertificateFuzzTest {

    private static final KeyPair KEYS = CertificateForge.keys("EC", "secp256r1");
    private static final byte[] SOUND = new CertificateForge(KEYS).encode();

    /** Of another extension: basicConstraints. */
    private static final String OTHER_OID = "551d13";

    @FuzzTest
    void certificateIsReadOrRefused(FuzzedDataProvider data) {
        certificate(data.consumeRemainingAsBytes());
    }

    @FuzzTest
    void extensionIsReadOrRefused(FuzzedDataProvider data) {
        extension(data.consumeRemainingAsBytes());
    }

    /** The fuzzer's fields are signed by the key in the certificate, so that what it makes gets past that signature. */
    @FuzzTest
    void signedCertificateIsReadOrRefused(FuzzedDataProvider data) {
        signed(forged(data));
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
                if (i % 10 == 0) {
                    signed(forge(CertificateForge.LIBP2P_OID, null, mutated(extension, random)));
                }
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

    /** The host key that is proved; {@code null} for a refusal. */
    private static @Nullable PublicKey certificate(byte[] bytes) {
        try {
            PublicKey key = PeerCertificate.verify(bytes, NOW);
            CertificateFields fields = CertificateFields.parse(bytes);
            assertThat(HostKeyExtension.decode(fields.hostKeyExtension()).hostKey())
                    .isEqualTo(key);
            assertThat(NOW).isBetween(fields.notBefore(), fields.notAfter());
            assertThatThrownBy(() ->
                            PeerCertificate.verify(bytes, fields.notAfter().plusNanos(1)))
                    .hasMessageStartingWith("tls: the certificate expired at ");
            return key;
        } catch (HandshakeException e) {
            assertThat(e).hasMessageStartingWith("tls: ");
            return null;
        }
    }

    /** Whatever surrounds it, no key is proved but the one that signed: nobody has the private key of another. */
    private static void signed(CertificateForge forge) {
        assertThat(certificate(forge.encode())).isIn(null, forge.identity.publicKey());
    }

    private static CertificateForge forge(String oid, Boolean critical, byte[] value) {
        return new CertificateForge(KEYS).extensions(CertificateForge.extension(oid, critical, value));
    }

    private static CertificateForge forged(FuzzedDataProvider data) {
        CertificateForge forge = new CertificateForge(KEYS);
        int changed = data.consumeInt(0, 127);
        forge.version = field(data, changed, forge.version);
        forge.serial = field(data, changed >> 1, forge.serial);
        forge.name = field(data, changed >> 2, forge.name);
        forge.notBefore = field(data, changed >> 3, forge.notBefore);
        forge.notAfter = field(data, changed >> 4, forge.notAfter);
        forge.afterKey = field(data, changed >> 5, forge.afterKey);
        forge.trailer = field(data, changed >> 6, forge.trailer);
        List<byte[]> extensions = new ArrayList<>();
        for (int count = data.consumeInt(0, 4); count > 0; count--) {
            Boolean critical = new Boolean[] {null, true, false}[data.consumeInt(0, 2)];
            switch (data.consumeInt(0, 3)) {
                case 0 -> extensions.add(data.consumeBytes(data.consumeInt(0, 60)));
                case 1 -> extensions.add(CertificateForge.extension(OTHER_OID, critical, data.consumeBytes(20)));
                case 2 ->
                    extensions.add(CertificateForge.extension(
                            CertificateForge.LIBP2P_OID, critical, data.consumeBytes(data.consumeInt(0, 200))));
                default -> extensions.add(forge.hostKeyExtension());
            }
        }
        return forge.extensions(extensions.toArray(byte[][]::new));
    }

    private static byte[] field(FuzzedDataProvider data, int changed, byte[] sound) {
        return (changed & 1) == 0 ? sound : data.consumeBytes(data.consumeInt(0, 40));
    }

    private static void extension(byte[] bytes) {
        try {
            HostKeyExtension extension = HostKeyExtension.decode(bytes);
            assertThat(extension.vouchesFor(new byte[91])).isFalse();
            HostKeyExtension again = HostKeyExtension.decode(extension.encode());
            assertThat(again.hostKey()).isEqualTo(extension.hostKey());
            assertThat(again.signature()).isEqualTo(extension.signature());
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
