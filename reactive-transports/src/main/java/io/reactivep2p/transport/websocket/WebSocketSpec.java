package io.reactivep2p.transport.websocket;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.reactivep2p.crypto.NonBlockingRandom;
import io.reactivep2p.transport.tcp.Tcp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Collects the options of a {@link WebSocket}, inside {@link WebSocket#create(java.util.function.Consumer)}. */
public final class WebSocketSpec {

    private @Nullable Tcp tcp;
    private @Nullable SslContext serverTls;
    private @Nullable SslContext clientTls;
    private Duration handshakeTimeout = WebSocket.DEFAULT_HANDSHAKE_TIMEOUT;
    private int maxFrame = WebSocket.DEFAULT_MAX_FRAME;
    private @Nullable SecureRandom random;

    WebSocketSpec() {}

    /**
     * The TCP transport that makes the sockets, with its options, threads and resolver. Given the one that the host uses too, both listen
     * on the same ports. Default: one of its own, which shares none.
     */
    public WebSocketSpec tcp(Tcp tcp) {
        this.tcp = tcp;
        return this;
    }

    /**
     * The certificate to listen with, for {@code /tls/ws}. Without one, or {@link #serverTls}, such addresses cannot be listened on. Reads
     * the files: blocks.
     *
     * @param chain the certificate and those above it, PEM
     * @param key its private key, PEM, PKCS#8 without a password
     * @throws IllegalArgumentException if a file cannot be read, or has something else or another certificate's key in it
     */
    public WebSocketSpec certificate(Path chain, Path key) {
        return serverTls(CertificateFiles.forServer(chain, key));
    }

    /** What listening on {@code /tls/ws} is done with, in place of {@link #certificate}. A client's certificate is not looked at. */
    public WebSocketSpec serverTls(SslContext context) {
        if (!context.isServer()) {
            throw new IllegalArgumentException("an SslContext for clients, expected one for servers");
        }
        this.serverTls = context;
        return this;
    }

    /**
     * Whom to trust when {@code /tls/ws} is dialed: those certificates, and not the JDK's trust store, which is the default. Reads the file:
     * blocks.
     *
     * @param certificates PEM
     * @throws IllegalArgumentException if the file cannot be read or has something else in it
     */
    public WebSocketSpec trust(Path certificates) {
        try (InputStream trusted = Files.newInputStream(certificates)) {
            return clientTls(SslContextBuilder.forClient().trustManager(trusted).build());
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("no certificates to trust in " + certificates + ": " + e, e);
        }
    }

    /**
     * What dialing {@code /tls/ws} is done with, in place of {@link #trust}. Whether the certificate must be for the name, or IP, that was
     * dialed is this context's decision: it must, unless its builder was told {@code endpointIdentificationAlgorithm(null)}.
     */
    public WebSocketSpec clientTls(SslContext context) {
        if (!context.isClient()) {
            throw new IllegalArgumentException("an SslContext for servers, expected one for clients");
        }
        this.clientTls = context;
        return this;
    }

    /** How long TLS and HTTP may take together. Default: {@link WebSocket#DEFAULT_HANDSHAKE_TIMEOUT}. */
    public WebSocketSpec handshakeTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a time limit is positive, not " + timeout);
        }
        this.handshakeTimeout = timeout;
        return this;
    }

    /** The most bytes of a received data frame. Default: {@link WebSocket#DEFAULT_MAX_FRAME}. */
    public WebSocketSpec maxFrame(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("frames of " + bytes + " bytes, expected at least 1");
        }
        this.maxFrame = bytes;
        return this;
    }

    /** Where keys come from. Used on event loops: must not block. By default a DRBG seeded here. */
    public WebSocketSpec random(SecureRandom random) {
        this.random = random;
        return this;
    }

    WebSocketOptions options() {
        return new WebSocketOptions(
                tcp == null ? Tcp.create() : tcp,
                serverTls,
                clientTls,
                handshakeTimeout,
                maxFrame,
                random == null ? NonBlockingRandom.create() : random);
    }
}
