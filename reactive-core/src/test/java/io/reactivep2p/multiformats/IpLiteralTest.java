package io.reactivep2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {

    /** The left column are spellings, the right one is what RFC 5952 wants. */
    @ParameterizedTest
    @CsvSource({
        "::, ::",
        "0:0:0:0:0:0:0:0, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:DB8::0001, 2001:db8::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "::ffff:192.0.2.1, ::ffff:192.0.2.1",
        "0:0:0:0:0:FFFF:c000:0201, ::ffff:192.0.2.1",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
        "::1.2.3.4, ::102:304",
        "0:0:0:0:1:0:0:0, ::1:0:0:0",
        "fe80:0:0:0:1:0:0:0, fe80::1:0:0:0"
    })
    void ip6IsPrintedAsRfc5952Wants(String spelling, String canonical) {
        assertThat(IpLiteral.print(IpLiteral.parse6(spelling))).isEqualTo(canonical);
        assertThat(IpLiteral.parse(canonical)).isEqualTo(IpLiteral.parse6(spelling));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1::2::3",
                ":1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7:",
                ":1::",
                "12345::",
                "g::",
                "::1%eth0",
                "[::1]",
                "1.2.3.4",
                "::1.2.3",
                "::1.2.3.4.5",
                "::01.2.3.4",
                "::256.2.3.4",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::ffff:1.2.3.4 ",
                "::\u0661",
                "0000:0000:0000:0000:0000:ffff:255.255.255.2555"
            })
    void whatIsNoIp6AddressIsRefused(String text) {
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> IpLiteral.parse6(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "01.2.3.4",
                "1.2.3.00",
                "256.1.1.1",
                "1..2.3",
                "1.2.3.",
                ".1.2.3",
                "1.2.3.4 ",
                "0x1.2.3.4",
                "-1.2.3.4",
                "1.2.3.1000",
                "\u0661.2.3.4",
                "localhost"
            })
    void whatIsNoIp4AddressIsRefused(String text) {
        assertThatExceptionOfType(MultiformatException.class).isThrownBy(() -> IpLiteral.parse4(text));
    }

    @Test
    void randomAddressesAgreeWithThePlatform() throws Exception {
        Random random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            byte[] address = new byte[i % 2 == 0 ? 4 : 16];
            random.nextBytes(address);
            if (address.length == 16) {
                for (int group = 1; group < 8; group++) {
                    if (random.nextBoolean()) {
                        address[2 * group] = 0;
                        address[2 * group + 1] = 0;
                    }
                }
                address[0] |= 1;
            }
            String text = IpLiteral.print(address);
            assertThat(IpLiteral.parse(text)).isEqualTo(address);
            // A literal, and so no lookup takes place.
            assertThat(InetAddress.getByName(text).getAddress()).isEqualTo(address);
            assertThat(IpLiteral.parse(InetAddress.getByAddress(address).getHostAddress()))
                    .isEqualTo(address);
        }
    }
}
