package io.reactivep2p.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.reactivep2p.multiformats.MultiformatException;

/** Whatever comes, a peer id is read or refused with {@link MultiformatException}. */
class PeerIdFuzzTest {

    @FuzzTest
    void bytes(FuzzedDataProvider data) {
        readBytes(data.consumeRemainingAsBytes());
    }

    @FuzzTest
    void text(FuzzedDataProvider data) {
        readText(data.consumeRemainingAsString());
    }

    static void readBytes(byte[] bytes) {
        try {
            PeerId id = PeerId.of(bytes);
            assertThat(id.toBytes()).isEqualTo(bytes);
            assertThat(PeerId.of(id.toCid())).isEqualTo(id);
            id.publicKey().ifPresent(key -> assertThat(id.matches(key) || bytes.length != 38)
                    .isTrue());
        } catch (MultiformatException expected) {
            assertThat(expected).hasMessageMatching("(?s).+");
        }
    }

    static void readText(String text) {
        try {
            PeerId id = PeerId.of(text);
            assertThat(PeerId.of(id.toBytes())).isEqualTo(id);
            if (text.startsWith("1") || text.startsWith("Qm")) {
                assertThat(PeerId.of(id.toBytes())).hasToString(text);
            }
        } catch (MultiformatException expected) {
            assertThat(expected).hasMessageMatching("(?s).+");
        }
    }
}
