package io.reactivep2p.transport.websocket;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** Certificates of an authority of the tests. */
final class TestCertificates {

    static final Path AUTHORITY = resource("authority.pem");

    private TestCertificates() {}

    /** For localhost, node.example, 127.0.0.1 and ::1. */
    static void node(WebSocketSpec spec) {
        spec.certificate(resource("node.pem"), resource("node.key"));
    }

    /** For elsewhere.example. */
    static void elsewhere(WebSocketSpec spec) {
        spec.certificate(resource("elsewhere.pem"), resource("elsewhere.key"));
    }

    static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(TestCertificates.class.getResource("/websocket/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
