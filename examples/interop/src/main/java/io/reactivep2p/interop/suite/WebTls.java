package io.reactivep2p.interop.suite;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * TLS below WebSocket.
 *
 * @param server what a listener shows
 * @param client whom a dialer trusts
 */
public record WebTls(SslContext server, SslContext client) {

    /** For {@code localhost} and {@code 127.0.0.1}, valid for a hundred years. Its key is public, so it is good for tests only. */
    public static final String CERTIFICATE = "/suite/wss.pem";

    public static final String KEY = "/suite/wss.key";

    /** As the programs of the others in the public suites: one certificate for all, and whatever a listener shows is trusted. */
    public static WebTls trustingAnyone() {
        try {
            return new WebTls(
                    shown(),
                    SslContextBuilder.forClient()
                            .trustManager(InsecureTrustManagerFactory.INSTANCE)
                            .endpointIdentificationAlgorithm(null)
                            .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same certificate, and nobody trusted but who has it. */
    public static WebTls trustingOurselves() {
        try (InputStream trusted = resource(CERTIFICATE)) {
            return new WebTls(
                    shown(), SslContextBuilder.forClient().trustManager(trusted).build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SslContext shown() throws IOException {
        try (InputStream certificate = resource(CERTIFICATE);
                InputStream key = resource(KEY)) {
            return SslContextBuilder.forServer(certificate, key).build();
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(WebTls.class.getResourceAsStream(name), name);
    }
}
