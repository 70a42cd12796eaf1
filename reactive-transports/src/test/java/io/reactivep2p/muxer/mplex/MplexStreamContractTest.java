package io.reactivep2p.muxer.mplex;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.Libp2p;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.host.Host;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.testkit.HostExtension;
import io.reactivep2p.testkit.StreamContract;
import io.reactivep2p.transport.tcp.Tcp;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Streams over TCP, Noise and mplex: where one stream is the connection's only one, TCP makes credit follow demand. */
class MplexStreamContractTest implements StreamContract {

    @RegisterExtension
    final HostExtension hosts = HostExtension.create(() -> Libp2p.host()
            .transport(Tcp.create())
            .security(Noise.create())
            // A busy machine must not make a stalled stream of a slow one.
            .muxer(Mplex.create(spec -> spec.stallTimeout(Duration.ofMinutes(2))))
            .listen("/ip4/127.0.0.1/tcp/0"));

    @Override
    public HostExtension hosts() {
        return hosts;
    }

    /** Instead of a sender that is stopped, which mplex cannot do to one stream: what it sends is dropped, and the other direction lives. */
    @Test
    @Override
    public void cancelEndsTheInterestInWhatArrivesOnly() {
        Host listener = hosts.start();
        Host dialer = hosts.start();
        CompletableFuture<ProtocolStream> accepted = new CompletableFuture<>();
        listener.handle(TALK, stream -> {
            accepted.complete(stream);
            return stream.onDispose();
        });
        ProtocolStream here =
                Objects.requireNonNull(dialer.dial(listener.fullAddresses().get(0))
                        .flatMap(connection -> connection.open(TALK))
                        .block(PATIENCE));
        Flux<ByteBuf> endless = Flux.range(0, Integer.MAX_VALUE).map(number -> Unpooled.wrappedBuffer(new byte[PIECE]));
        Disposable sending = here.send(endless).subscribe(null, error -> {});
        ProtocolStream there =
                accepted.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        there.receive().take(1).blockLast(PATIENCE);

        there.send(Flux.just(Unpooled.wrappedBuffer(new byte[3])))
                .then(there.closeWrite())
                .subscribe();
        assertThat(here.receive()
                        .map(ByteBuf::readableBytes)
                        .reduce(0, Integer::sum)
                        .block(PATIENCE))
                .isEqualTo(3);
        assertThat(sending.isDisposed()).as("the sender is not stopped").isFalse();
        here.dispose();
        there.dispose();
    }
}
