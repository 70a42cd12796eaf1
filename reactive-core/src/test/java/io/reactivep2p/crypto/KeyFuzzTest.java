package io.reactivep2p.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.testing.Rounds;
import io.reactivep2p.testing.Vectors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever comes, a key is read or refused with {@link MalformedKeyException}, and has one encoding only. */
class KeyFuzzTest {

    @FuzzTest
    void publicKeys(FuzzedDataProvider data) {
        readPublic(data.consumeRemainingAsBytes());
    }

    @FuzzTest
    void privateKeys(FuzzedDataProvider data) {
        readPrivate(data.consumeRemainingAsBytes());
    }

    @FuzzTest
    void signatures(FuzzedDataProvider data) {
        KeyPair pair =
                KeyPair.generate(data.pickValue(new KeyType[] {KeyType.ED25519, KeyType.SECP256K1, KeyType.ECDSA}));
        byte[] message = data.consumeBytes(64);
        assertThat(pair.publicKey().verify(message, data.consumeRemainingAsBytes()))
                .isFalse();
    }

    @Test
    void damagedKeysAreReadInOneWayOrRefused() {
        List<byte[]> publicKeys = new ArrayList<>();
        List<byte[]> privateKeys = new ArrayList<>();
        Vectors.load("keys.json").forEach(vector -> {
            publicKeys.add(Vectors.bytes(vector, "public_key_pb"));
            privateKeys.add(Vectors.bytes(vector, "private_key_pb"));
        });
        Rounds.of(400, random -> {
            readPublic(Rounds.damaged(random, publicKeys.get(random.nextInt(publicKeys.size()))));
            readPrivate(Rounds.damaged(random, privateKeys.get(random.nextInt(privateKeys.size()))));
            readPublic(Rounds.bytes(random, 100));
        });
    }

    private static void readPublic(byte[] bytes) {
        try {
            PublicKey key = PublicKey.decode(bytes);
            if (key.type() != KeyType.SECP256K1 || bytes.length == 37) {
                assertThat(key.encode()).isEqualTo(bytes);
            }
            assertThat(PublicKey.decode(key.encode())).isEqualTo(key);
            assertThat(PeerId.of(key).matches(key)).isTrue();
            assertThat(key.verify(bytes, bytes)).isFalse();
        } catch (MalformedKeyException expected) {
            assertThat(expected).hasMessageContaining("key");
        }
    }

    private static void readPrivate(byte[] bytes) {
        try {
            PrivateKey key = PrivateKey.decode(bytes);
            assertThat(PrivateKey.decode(key.encode())).isEqualTo(key);
        } catch (MalformedKeyException expected) {
            assertThat(expected).hasMessageContaining("key");
        }
    }
}
