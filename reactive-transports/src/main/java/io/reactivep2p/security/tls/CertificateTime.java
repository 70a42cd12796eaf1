package io.reactivep2p.security.tls;

import io.reactivep2p.crypto.Der;
import io.reactivep2p.crypto.DerReader;
import io.reactivep2p.security.HandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The two forms of a point in time in certificates (RFC 5280 section 4.1.2.5): to the second, in UTC, nothing left out. */
final class CertificateTime {

    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;

    private static final String GENERALIZED_PATTERN = "yyyyMMddHHmmss'Z'";
    private static final String UTC_PATTERN = "yyMMddHHmmss'Z'";
    private static final int GENERALIZED_LENGTH = "20261121120000Z".length();
    private static final int UTC_LENGTH = "261121120000Z".length();

    /** UTCTime has two digits for a year of 1950 to 2049; every other year is GeneralizedTime. */
    private static final int FIRST_UTC_YEAR = 1950;

    private static final int LAST_UTC_YEAR = 2049;

    private CertificateTime() {}

    static byte[] encode(Instant time) {
        LocalDateTime local = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
        boolean utc = local.getYear() >= FIRST_UTC_YEAR && local.getYear() <= LAST_UTC_YEAR;
        String text = DateTimeFormatter.ofPattern(utc ? UTC_PATTERN : GENERALIZED_PATTERN)
                .format(local);
        return Der.value(utc ? UTC_TIME : GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The next value, in either form. */
    static Instant read(DerReader reader) {
        boolean utc = reader.next(UTC_TIME);
        byte[] digits = reader.value(utc ? UTC_TIME : GENERALIZED_TIME);
        int length = utc ? UTC_LENGTH : GENERALIZED_LENGTH;
        if (digits.length != length || digits[length - 1] != 'Z') {
            throw malformed(digits, null);
        }
        int yearDigits = utc ? 2 : 4;
        int year = number(digits, 0, yearDigits);
        if (utc) {
            year += year < FIRST_UTC_YEAR % 100 ? 2000 : 1900;
        }
        int at = yearDigits;
        try {
            return LocalDateTime.of(
                            year,
                            number(digits, at, 2),
                            number(digits, at + 2, 2),
                            number(digits, at + 4, 2),
                            number(digits, at + 6, 2),
                            number(digits, at + 8, 2))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw malformed(digits, e);
        }
    }

    private static int number(byte[] digits, int from, int count) {
        int number = 0;
        for (int i = from; i < from + count; i++) {
            if (digits[i] < '0' || digits[i] > '9') {
                throw malformed(digits, null);
            }
            number = number * 10 + digits[i] - '0';
        }
        return number;
    }

    private static HandshakeException malformed(byte[] time, @Nullable Throwable cause) {
        return new HandshakeException(
                "tls: the certificate is malformed: no point in time is "
                        + HexFormat.of().formatHex(time, 0, Math.min(time.length, 20)),
                cause);
    }
}
