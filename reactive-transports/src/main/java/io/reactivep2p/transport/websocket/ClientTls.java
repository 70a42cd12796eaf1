package io.reactivep2p.transport.websocket;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** TLS for dialing. The JDK's trust store is read when the first dial needs it, on a thread that may block. */
final class ClientTls {

    private final Mono<SslContext> context;

    ClientTls(@Nullable SslContext given) {
        this.context = given != null
                ? Mono.just(given)
                : Mono.fromCallable(() -> SslContextBuilder.forClient().build())
                        .subscribeOn(Schedulers.boundedElastic())
                        .cache();
    }

    Mono<SslContext> context() {
        return context;
    }

    /** The handler for one connection. The certificate is checked against {@code host}; a name, but no IP, is sent (SNI). */
    static SslHandler handler(SslContext context, ByteBufAllocator allocator, HostName host, int port) {
        SslHandler handler = context.newHandler(allocator, host.text(), port);
        if (!host.isIp()) {
            // By itself the JDK sends no name without a dot in it.
            SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host.text())));
            handler.engine().setSSLParameters(parameters);
        }
        return handler;
    }
}
