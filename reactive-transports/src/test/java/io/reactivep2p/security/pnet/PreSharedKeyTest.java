package io.reactivep2p.security.pnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.reactivep2p.crypto.MalformedKeyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreSharedKeyTest {

    private static final String HEAD = "/key/swarm/psk/1.0.0/\n";
    private static final byte[] SECRET = secret();
    private static final String HEX = HexFormat.of().formatHex(SECRET);
    private static final String BASE64 = Base64.getEncoder().encodeToString(SECRET);

    @TempDir
    Path directory;

    private static byte[] secret() {
        byte[] bytes = new byte[PreSharedKey.BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (0xA0 + i);
        }
        return bytes;
    }

    @TestFactory
    Stream<DynamicTest> filesOfGoAndRustAreReadOrRefused() {
        return Vectors.all()
                .filter(vector -> vector.has("valid"))
                .map(vector -> DynamicTest.dynamicTest(vector.get("id").asText(), () -> readsOrRefuses(vector)));
    }

    private static void readsOrRefuses(JsonNode vector) {
        byte[] file = Vectors.bytes(vector, "file");
        if (vector.get("valid").asBoolean()) {
            assertThat(PreSharedKey.decode(file)).isEqualTo(PreSharedKey.of(Vectors.bytes(vector, "key")));
        } else {
            assertThatExceptionOfType(MalformedKeyException.class).isThrownBy(() -> PreSharedKey.decode(file));
        }
    }

    @Test
    void theFingerprintIsTheOneThatGoAndRustShow() {
        JsonNode vector = Vectors.named("fingerprint");
        assertThat(PreSharedKey.of(Vectors.bytes(vector, "key")).fingerprint())
                .isEqualTo(vector.get("fingerprint_hex").asText());
    }

    @TestFactory
    Stream<DynamicTest> everyEncodingWithEveryEndOfLineIsRead() {
        return Stream.of("\n", "\r\n")
                .flatMap(end -> Stream.of("", "\n", "\r\n").flatMap(last -> Stream.of(
                                "/base16/" + end + HEX + last,
                                "/base16/" + end + HEX.toUpperCase(Locale.ROOT) + last,
                                "/base64/" + end + BASE64 + last,
                                "/bin/" + end + latin1(SECRET) + last)
                        .map(rest -> "/key/swarm/psk/1.0.0/" + end + rest)
                        .map(file ->
                                DynamicTest.dynamicTest(shown(file), () -> assertThat(PreSharedKey.decode(bytes(file)))
                                        .isEqualTo(PreSharedKey.of(SECRET))))));
    }

    @TestFactory
    Stream<DynamicTest> whatIsNoKeyFileIsRefusedWithoutAWordOfIt() {
        return Stream.of(
                        "",
                        "\n",
                        "\r\n\r\n",
                        HEX,
                        HEX + "\n/base16/\n" + HEX,
                        "/key/swarm/psk/1.0.0/",
                        HEAD,
                        "/key/swarm/psk/1.0.1/\n/base16/\n" + HEX,
                        " /key/swarm/psk/1.0.0/\n/base16/\n" + HEX,
                        HEAD + "/base16/",
                        HEAD + "/base16/\n",
                        HEAD + "/base16/\n\r\n",
                        HEAD + "/base32/\n" + HEX,
                        HEAD + HEX + "\n/base16/",
                        HEAD + "/base16/\n" + HEX.substring(1),
                        HEAD + "/base16/\n" + HEX.substring(2),
                        HEAD + "/base16/\n" + HEX + "00",
                        HEAD + "/base16/\n" + HEX + "\n\n",
                        HEAD + "/base16/\n " + HEX,
                        HEAD + "/base16/\n" + HEX.replace('a', 'g'),
                        HEAD + "/base16/\n" + BASE64,
                        HEAD + "/base64/\n" + BASE64.substring(4),
                        HEAD + "/base64/\n" + BASE64 + BASE64,
                        HEAD + "/base64/\n" + BASE64.replace('=', '!'),
                        HEAD + "/bin/\n" + latin1(SECRET).substring(1),
                        HEAD + "/bin/\n" + latin1(SECRET) + "x",
                        HEAD + "/bin/\n" + latin1(SECRET) + "\n\n",
                        HEAD + "/base16/\n" + HEX + " ".repeat(100))
                .map(file -> DynamicTest.dynamicTest(
                        shown(file), () -> assertThatExceptionOfType(MalformedKeyException.class)
                                .isThrownBy(() -> PreSharedKey.decode(bytes(file)))
                                .withNoCause()
                                .satisfies(e -> assertThat(e.getMessage())
                                        .doesNotContain(HEX.substring(2, 10), BASE64.substring(4, 12)))));
    }

    /** The last byte of a binary key may be that of a line feed. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void aBinaryKeyMayEndLikeALine(String last) {
        byte[] secret = SECRET.clone();
        secret[30] = '\r';
        secret[31] = '\n';
        assertThat(PreSharedKey.decode(bytes(HEAD + "/bin/\n" + latin1(secret) + last)))
                .isEqualTo(PreSharedKey.of(secret));
    }

    @Test
    void aKeyHasThirtyTwoBytes() {
        for (int length : new int[] {0, 16, 31, 33, 64}) {
            assertThatExceptionOfType(MalformedKeyException.class)
                    .isThrownBy(() -> PreSharedKey.of(new byte[length]))
                    .withMessageContaining("not " + length);
        }
    }

    @Test
    void theSecretIsNotShownAndNotShared() {
        byte[] given = SECRET.clone();
        PreSharedKey key = PreSharedKey.of(given);
        Arrays.fill(given, (byte) 0);
        assertThat(key).isEqualTo(PreSharedKey.of(SECRET)).hasSameHashCodeAs(PreSharedKey.of(SECRET));
        assertThat(key.toString()).contains(key.fingerprint()).doesNotContain(HEX.substring(0, 8));
        assertThat(PrivateNetwork.create(key))
                .hasToString("private network " + key.fingerprint())
                .extracting(PrivateNetwork::fingerprint)
                .isEqualTo(key.fingerprint());
    }

    @Test
    void keysAreGeneratedFromTheRandomnessGiven() {
        SecureRandom counting = new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(SECRET, 0, bytes, 0, bytes.length);
            }
        };
        assertThat(PreSharedKey.generate(counting)).isEqualTo(PreSharedKey.of(SECRET));
        assertThat(PreSharedKey.generate(new SecureRandom())).isNotEqualTo(PreSharedKey.generate(new SecureRandom()));
    }

    @Test
    void aSavedKeyIsLoadedAgainAndOnlyItsOwnerCanReadIt() throws IOException {
        Path file = directory.resolve("swarm.key");
        PreSharedKey key = PreSharedKey.generate(new SecureRandom());
        key.save(file);
        assertThat(PreSharedKey.load(file)).isEqualTo(key);
        assertThat(file).hasBinaryContent(key.encode());
        assertThat(Files.readAllLines(file))
                .hasSize(3)
                .startsWith("/key/swarm/psk/1.0.0/", "/base16/")
                .last()
                .asString()
                .hasSize(64);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void errorsNameTheFile() throws IOException {
        PreSharedKey key = PreSharedKey.of(SECRET);
        Path taken = Files.writeString(directory.resolve("taken.key"), "precious");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> key.save(taken))
                .withCauseInstanceOf(FileAlreadyExistsException.class);
        assertThat(taken).hasContent("precious");
        assertThatExceptionOfType(MalformedKeyException.class)
                .isThrownBy(() -> PreSharedKey.load(taken))
                .withMessageContaining(taken.toString());
        Path missing = directory.resolve("missing.key");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> PreSharedKey.load(missing))
                .withCauseInstanceOf(NoSuchFileException.class)
                .withMessageContaining(missing.toString());
        Path large = Files.write(directory.resolve("large.key"), new byte[1 << 20]);
        assertThatExceptionOfType(MalformedKeyException.class).isThrownBy(() -> PreSharedKey.load(large));
    }

    private static String shown(String file) {
        return file.isEmpty() ? "nothing" : file.replace("\r", "<CR>").replace("\n", "<LF>");
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }
}
