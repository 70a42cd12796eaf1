package io.reactivep2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultibaseTest {

    @ParameterizedTest
    @EnumSource
    void everyLengthComesBack(Multibase base) {
        Random random = new Random(7);
        for (int length = 0; length <= 130; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            if (length > 2) {
                bytes[0] = 0;
            }
            String text = base.encode(bytes);
            assertThat(text.charAt(0)).isEqualTo(base.prefix());
            assertThat(Multibase.decode(text)).isEqualTo(bytes);
        }
    }

    @Test
    void theBigNumberEncodingsAgreeWithBigInteger() {
        Random random = new Random(11);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = new byte[1 + random.nextInt(70)];
            random.nextBytes(bytes);
            bytes[0] |= 1;
            BigInteger number = new BigInteger(1, bytes);
            assertThat(Multibase.BASE36.encodeBare(bytes)).isEqualTo(number.toString(36));
            assertThat(Multibase.BASE10.encodeBare(bytes)).isEqualTo(number.toString(10));
        }
    }

    @Test
    void theBitEncodingsAgreeWithThePlatform() {
        Random random = new Random(13);
        for (int length = 0; length < 70; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            assertThat(Multibase.BASE16.encodeBare(bytes))
                    .isEqualTo(HexFormat.of().formatHex(bytes));
            assertThat(Multibase.BASE64_PAD.encodeBare(bytes))
                    .isEqualTo(Base64.getEncoder().encodeToString(bytes));
            assertThat(Multibase.BASE64_URL.encodeBare(bytes))
                    .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        }
    }

    @Test
    void leadingZeroBytesSurvive() {
        byte[] zeros = new byte[5];
        assertThat(Multibase.BASE58_BTC.encode(zeros)).isEqualTo("z11111");
        assertThat(Multibase.decode("k00000")).isEqualTo(zeros);
        assertThat(Multibase.decode("z")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?abc",
                "\u00e9abc",
                "zO",
                "z0",
                "f0",
                "fxx",
                "b1",
                "ba",
                "bab",
                "ba a",
                "mA",
                "MAA",
                "MAA=",
                "M=",
                "M====",
                "MAA==A",
                "MAAA=AAA=",
                "c========",
                "mAAA=",
                "uAA+A",
                "uAB",
                "bbb1",
                "h0",
                "02",
                "0101",
                "9a",
                "z\u0661",
                "k\u212a",
                "Z0"
            })
    void malformedTextIsRefused(String text) {
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> Multibase.decode(text));
    }

    @ParameterizedTest
    @ValueSource(chars = {'z', 'k', '9', 'Z', 'K'})
    void quadraticDecodingIsBounded(char prefix) {
        Multibase base = Multibase.ofText(String.valueOf(prefix)).orElseThrow();
        assertThat(Multibase.decode(base.encode(full(RadixCodec.MAX_BYTES)))).hasSize(RadixCodec.MAX_BYTES);
        assertThatExceptionOfType(MultiformatException.class)
                .isThrownBy(() -> base.encode(new byte[RadixCodec.MAX_BYTES + 1]));
        String huge = prefix + "1".repeat(1 << 20);
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> assertThatExceptionOfType(MultiformatException.class)
                        .isThrownBy(() -> Multibase.decode(huge))
                        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300)));
    }

    @Test
    void aMegabyteInALinearEncodingIsFine() {
        byte[] bytes = new byte[1 << 20];
        new Random(3).nextBytes(bytes);
        assertThat(Multibase.decode(Multibase.BASE32.encode(bytes))).isEqualTo(bytes);
    }

    private static byte[] full(int length) {
        byte[] bytes = new byte[length];
        java.util.Arrays.fill(bytes, (byte) 0xff);
        return bytes;
    }
}
