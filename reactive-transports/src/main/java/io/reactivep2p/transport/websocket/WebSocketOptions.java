package io.reactivep2p.transport.websocket;

import io.netty.handler.ssl.SslContext;
import io.reactivep2p.transport.tcp.Tcp;
import java.security.SecureRandom;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How {@link WebSocket} makes its connections; set through {@link WebSocketSpec}.
 *
 * @param tcp makes the sockets
 * @param serverTls for listening with TLS; {@code null} if there is no certificate
 * @param clientTls for dialing with TLS; {@code null} for the JDK's trust store
 * @param handshakeTimeout for TLS and HTTP together
 * @param maxFrame bytes of a data frame
 * @param random of keys; does not block
 */
record WebSocketOptions(
        Tcp tcp,
        @Nullable SslContext serverTls,
        @Nullable SslContext clientTls,
        Duration handshakeTimeout,
        int maxFrame,
        SecureRandom random) {}
