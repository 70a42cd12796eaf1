package io.reactivep2p.security.tls;

import static io.reactivep2p.security.tls.CertificateForge.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The certificates of the specification, of rust-libp2p and of js-libp2p. */
class CertificateVectorsTest {

    /** Which check each of the invalid ones fails. */
    private static final Map<String, String> REFUSALS = Map.of(
            "tls-certificates-004", "the host key's signature in the libp2p extension is not valid",
            "tls-certificates-006", "the host key's signature in the libp2p extension is not valid",
            "tls-certificates-009",
                    "the certificate is malformed: no point in time is 32313234303130323038323035302e3233325a",
            "tls-certificates-010", "the host key's signature in the libp2p extension is not valid",
            "tls-certificates-011", "the host key's signature in the libp2p extension is not valid",
            "tls-certificates-014", "the certificate is signed by ECDSA with SHA-256 and has a key of ECDSA P-384",
            "tls-certificates-016", "the certificate is signed by an algorithm that is not accepted: 300506032b6571");

    @TestFactory
    Stream<DynamicTest> certificatesAreAcceptedOrRefusedAsPublished() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/vectors/tls-certificates.json")) {
            JsonNode root = new ObjectMapper().readTree(Objects.requireNonNull(in));
            return StreamSupport.stream(root.get("vectors").spliterator(), false).toList().stream()
                    .map(vector -> DynamicTest.dynamicTest(
                            vector.get("id").asText() + " "
                                    + vector.get("title").asText(),
                            () -> check(vector)));
        }
    }

    /** Rust's examples of algorithms were valid for four years. */
    private static final Instant THEN = Instant.parse("2022-01-01T00:00:00Z");

    private static void check(JsonNode vector) {
        Instant now = vector.get("source").asText().contains("test_assets") ? THEN : NOW;
        byte[] der = HexFormat.of().parseHex(vector.get("cert_der_hex").asText());
        String refusal = REFUSALS.get(vector.get("id").asText());
        boolean valid = vector.path("valid")
                .asBoolean(vector.path("full_verification_ok_in_rust").asBoolean());
        assertThat(refusal == null).isEqualTo(valid);
        if (valid) {
            PublicKey key = PeerCertificate.verify(der, now);
            if (vector.has("peer_id")) {
                assertThat(PeerId.of(key)).hasToString(vector.get("peer_id").asText());
            }
        } else {
            assertThatThrownBy(() -> PeerCertificate.verify(der, now))
                    .isInstanceOf(HandshakeException.class)
                    .hasMessage("tls: " + refusal);
        }
    }
}
