package io.reactivep2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultihashTest {

    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    @Test
    void sha256OfHello() {
        assertThat(Multihash.sha256(HELLO))
                .hasToString("12202cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assertThat(Multihash.sha256(HELLO).isSha256()).isTrue();
    }

    @Test
    void identityHoldsTheContent() {
        Multihash identity = Multihash.identity(HELLO);
        assertThat(identity).hasToString("000568656c6c6f");
        assertThat(identity.digest()).isEqualTo(HELLO);
        assertThat(identity.is(Multicodec.IDENTITY)).isTrue();
        assertThat(identity.isSha256()).isFalse();
    }

    @Test
    void bytesGivenAndTakenAreCopies() {
        byte[] bytes = Multihash.sha256(HELLO).toBytes();
        Multihash multihash = Multihash.of(bytes);
        bytes[5] ^= 1;
        multihash.toBytes()[6] ^= 1;
        multihash.digest()[0] ^= 1;
        assertThat(multihash).isEqualTo(Multihash.sha256(HELLO)).hasSameHashCodeAs(Multihash.sha256(HELLO));
    }

    @Test
    void oneThatStandsInFrontIsReadAndTheRestLeft() {
        byte[] bytes = Multihash.of(Multicodec.BLAKE2B_256, new byte[200]).toBytes();
        ByteBuf in = Unpooled.buffer().writeByte(9).writeBytes(bytes).writeByte(7);
        in.readByte();
        Multihash read = Multihash.read(in);
        assertThat(read.toBytes()).isEqualTo(bytes);
        assertThat(read.code()).isEqualTo(0xb220);
        assertThat(read.digestLength()).isEqualTo(200);
        assertThat(in.readableBytes()).isEqualTo(1);
    }

    @Test
    void oneThatIsCutShortAnywhereIsRefusedAndNothingIsConsumed() {
        byte[] bytes = Multihash.of(0x1234, new byte[300]).toBytes();
        for (int length = 0; length < bytes.length; length++) {
            ByteBuf in = Unpooled.wrappedBuffer(bytes, 0, length);
            assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> Multihash.read(in));
            assertThat(in.readerIndex()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "12",
                "120100ff",
                "0081",
                "1220",
                "12ffffffffffffffff7f",
                "12ffffffffffffffffff01",
                "ffffffffffffffffff",
                "928000",
                "12810000",
                "80",
                "12ffffffff0f00",
                "12ffffffff0700"
            })
    void cve202035909MalformedMultihashIsATypedError(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> Multihash.of(bytes));
    }
}
