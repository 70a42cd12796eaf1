package io.reactivep2p.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.KeyType;
import io.reactivep2p.multiformats.Cid;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Multibase;
import io.reactivep2p.multiformats.Multicodec;
import io.reactivep2p.multiformats.MultiformatException;
import io.reactivep2p.multiformats.Multihash;
import io.reactivep2p.testing.Rounds;
import io.reactivep2p.testing.Vectors;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerIdTest {

    private static final String ED25519 = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
    private static final String HASHED = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";

    @TestFactory
    Stream<DynamicTest> publishedTextsAreReadOrRefused() {
        return Vectors.tests("peer-ids.json", vector -> {
            String text = vector.get("text").asText();
            if (vector.get("valid").asBoolean()) {
                PeerId id = PeerId.of(text);
                assertThat(id.toBytes()).isEqualTo(Vectors.bytes(vector, "multihash_hex"));
                assertThat(id).hasToString(vector.get("canonical_base58").asText());
                assertThat(id).isEqualTo(PeerId.of(id.toBytes())).hasSameHashCodeAs(PeerId.of(id.toBytes()));
            } else {
                assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> PeerId.of(text));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void everyMultibaseIsRead(Multibase base) {
        for (String text : List.of(ED25519, HASHED)) {
            PeerId id = PeerId.of(text);
            assertThat(PeerId.of(id.toCid(base))).isEqualTo(id);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12200000", // sha2-256, cut short
                "1221" + "00" + "1122334455667788112233445566778811223344556677881122334455667788", // 33 bytes
                "121f" + "22334455667788112233445566778811223344556677881122334455667788", // 31 bytes
                "1120" + "1122334455667788112233445566778811223344556677881122334455667788", // sha1
                "1320" + "1122334455667788112233445566778811223344556677881122334455667788", // sha2-512
                "8000" + "20", // a code in more bytes than needed
                "00",
                "12",
                "",
                "0001",
                "000201"
            })
    void multihashesThatNoPeerIdCanBeAreRefused(String hex) {
        assertThatExceptionOfType(MultiformatException.class)
                .isThrownBy(() -> PeerId.of(HexFormat.of().parseHex(hex)));
    }

    @Test
    void keysAreInlinedUpTo42Bytes() {
        assertThat(PeerId.of(Multihash.identity(new byte[42]).toBytes()).toBytes())
                .hasSize(44);
        assertThatExceptionOfType(MultiformatException.class)
                .isThrownBy(() -> PeerId.of(Multihash.identity(new byte[43]).toBytes()))
                .withMessageContaining("43 bytes");
        assertThatExceptionOfType(MultiformatException.class)
                .isThrownBy(() -> PeerId.of(Multihash.identity(new byte[200]).toBytes()));
    }

    @Test
    void otherCidsAreNoPeerIds() {
        Multihash hash = Multihash.of(PeerId.of(HASHED).toBytes());
        assertThatExceptionOfType(MultiformatException.class)
                .isThrownBy(() -> PeerId.of(Cid.v1(Multicodec.DAG_PB, hash).toString()))
                .withMessageContaining("0x70");
        assertThatExceptionOfType(MultiformatException.class)
                .isThrownBy(() -> PeerId.of(Multibase.BASE58_BTC.encode(hash.toBytes())));
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> PeerId.of("Q" + HASHED));
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> PeerId.of(ED25519 + " "));
        assertThatExceptionOfType(MultiformatException.class)
                .isThrownBy(() -> PeerId.of("1".repeat(PeerId.MAX_TEXT_LENGTH + 1)))
                .withMessageContaining("513 characters");
    }

    @ParameterizedTest
    @EnumSource
    void aKeyNamesItsOwnerAndNobodyElse(KeyType type) {
        KeyPair pair = KeyPair.generate(type);
        PeerId id = PeerId.of(pair.publicKey());
        assertThat(PeerId.of(id.toString())).isEqualTo(id);
        assertThat(id.matches(pair.publicKey())).isTrue();
        assertThat(id.matches(KeyPair.generate().publicKey())).isFalse();
        boolean inlined = type == KeyType.ED25519 || type == KeyType.SECP256K1;
        assertThat(PeerId.of(id.toBytes()).publicKey().isPresent()).isEqualTo(inlined);
        if (inlined) {
            assertThat(id.publicKey()).contains(pair.publicKey());
            assertThat(PeerId.of(id.toBytes()).publicKey()).contains(pair.publicKey());
        }
        assertThat(id.toString()).startsWith(inlined ? "1" : "Qm");
        assertThat(id.toCid()).hasSizeLessThanOrEqualTo(63);
    }

    @Test
    void inlinedBytesThatAreNoKeyAreAnIdWithoutAKey() {
        PeerId id = PeerId.of(Multihash.identity(new byte[] {1, 2, 3}).toBytes());
        assertThat(id.publicKey()).isEmpty();
        assertThat(PeerId.of(id.toString())).isEqualTo(id);
    }

    @Test
    void theLastComponentOfAnAddressNamesThePeer() {
        PeerId relay = PeerId.of(ED25519);
        PeerId destination = PeerId.of(HASHED);
        assertThat(PeerId.in(Multiaddr.of("/ip4/192.0.2.1/tcp/4001"))).isEmpty();
        assertThat(PeerId.in(Multiaddr.of("/ip4/192.0.2.1/tcp/4001/p2p/" + relay)))
                .contains(relay);
        assertThat(PeerId.in(Multiaddr.of("/ip4/192.0.2.1/tcp/4001/ipfs/" + relay.toCid())))
                .contains(relay);
        assertThat(PeerId.in(Multiaddr.of("/p2p/" + relay))).contains(relay);
        assertThat(PeerId.in(Multiaddr.of("/ip4/192.0.2.1/tcp/4001/p2p/" + relay + "/p2p-circuit")))
                .isEmpty();
        assertThat(PeerId.in(Multiaddr.of("/ip4/192.0.2.1/tcp/4001/p2p/" + relay + "/p2p-circuit/p2p/" + destination)))
                .contains(destination);
    }

    @Test
    void idsAreOrderedByTheirBytesAndKeepTheirOwn() {
        PeerId inlined = PeerId.of(ED25519);
        PeerId hashed = PeerId.of(HASHED);
        assertThat(inlined).isLessThan(hashed).isEqualByComparingTo(PeerId.of(ED25519));
        byte[] bytes = inlined.toBytes();
        PeerId copied = PeerId.of(bytes);
        bytes[5] ^= 1;
        copied.toBytes()[6] ^= 1;
        assertThat(copied).isEqualTo(inlined);
        assertThat(inlined).isNotEqualTo(PeerId.of(bytes)).isNotEqualTo(ED25519);
    }

    @Test
    void randomBytesAndTextsAreReadInOneWayOrRefused() {
        Rounds.of(2_000, random -> {
            byte[] bytes = Rounds.damaged(
                    random, PeerId.of(random.nextBoolean() ? ED25519 : HASHED).toBytes());
            PeerIdFuzzTest.readBytes(bytes);
            PeerIdFuzzTest.readBytes(Rounds.bytes(random, 50));
            char[] text = (random.nextBoolean() ? ED25519 : PeerId.of(HASHED).toCid()).toCharArray();
            text[random.nextInt(text.length)] = (char) random.nextInt(130);
            PeerIdFuzzTest.readText(new String(text));
        });
    }
}
