package io.reactivep2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidTest {

    private static final Multihash HASH = Multihash.sha256(new byte[] {1, 2, 3});

    @ParameterizedTest
    @EnumSource
    void theTextInEveryBaseIsReadBack(Multibase base) {
        Cid cid = Cid.v1(Multicodec.LIBP2P_KEY, HASH);
        assertThat(Cid.of(cid.toString(base))).isEqualTo(cid).hasSameHashCodeAs(cid);
    }

    @Test
    void versionsOfOneContentDiffer() {
        Cid v0 = Cid.v0(HASH);
        Cid v1 = Cid.v1(Multicodec.DAG_PB, HASH);
        assertThat(v0).isNotEqualTo(v1);
        assertThat(v0.toString()).startsWith("Qm").hasSize(46);
        assertThat(v1.toString()).startsWith("bafybei");
        assertThat(Cid.v1(Multicodec.LIBP2P_KEY, HASH).toString(Multibase.BASE36))
                .startsWith("k2k4");
    }

    @Test
    void versionZeroHasOneHashAndOneText() {
        assertThatIllegalArgumentException().isThrownBy(() -> Cid.v0(Multihash.identity(new byte[32])));
        assertThatIllegalArgumentException().isThrownBy(() -> Cid.v0(HASH).toString(Multibase.BASE32));
        assertThatIllegalArgumentException().isThrownBy(() -> Cid.v1(-1, HASH));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "01",
                "0170",
                "017012",
                "0170120100ff",
                "027012010f",
                "037012010f",
                "1220ff",
                "810070000100"
            })
    void malformedBytesAreRefused(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> Cid.of(bytes));
    }

    @Test
    void versionZeroInMultibaseIsRefusedInEveryBase() {
        for (Multibase base : Multibase.values()) {
            String wrapped = base.encode(HASH.toBytes());
            assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> Cid.of(wrapped));
        }
    }
}
