package io.reactivep2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The figures are those of {@code peers/README.md}. */
class PatternTest {

    @Test
    void patternOneBeginsAsThePeersSay() {
        assertThat(new Pattern(1).bytes(12)).isEqualTo(HexFormat.of().parseHex("2120040001060804c5a8cc9d"));
        assertThat(Pattern.sha256(1, 1_024))
                .isEqualTo("b3992d40104b3cdedee3550755009b044c1af4908483240a30845c9ab3ed51d9");
    }

    @Test
    void patternTwoIsTheAnswerOfTheHalfCloseProtocol() {
        assertThat(Pattern.sha256(2, 65_536))
                .isEqualTo("6caec41e47c3f6dc7e52013cfbc74b34d1d4c11f2ce60b1a3861d9763cc2130a");
    }

    @Test
    void seedZeroIsNotStuckAtZero() {
        assertThat(new Pattern(0).bytes(64)).isEqualTo(new Pattern(0x9e3779b9).bytes(64));
    }

    @Test
    void aWrongByteIsNoticed() {
        byte[] right = new Pattern(3).bytes(100);
        byte[] wrong = right.clone();
        wrong[77]++;

        assertThat(new Pattern(3).accepts(Unpooled.wrappedBuffer(right))).isTrue();
        assertThat(new Pattern(3).accepts(Unpooled.wrappedBuffer(wrong))).isFalse();
    }
}
