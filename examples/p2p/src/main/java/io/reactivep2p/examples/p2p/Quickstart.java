package io.reactivep2p.examples.p2p;

import io.reactivep2p.Libp2p;
import io.reactivep2p.host.Host;
import io.reactivep2p.protocol.echo.Echo;
import io.reactivep2p.stack.StandardStack;
import io.reactivep2p.wire.Codecs;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;

/** The program in the project's README, which a test compares with the part between the markers. */
final class Quickstart {

    private Quickstart() {}

    static void run(Consumer<String> show) {
        // readme:begin
        Host server = Libp2p.host()
                .apply(StandardStack.defaults())
                .service(Echo.create())
                .listen("/ip4/127.0.0.1/tcp/0")
                .startNow();
        Host client = Libp2p.host().apply(StandardStack.defaults()).startNow();
        client.dial(server.fullAddresses().get(0))
                .flatMap(connection -> connection.open(Echo.PROTOCOL))
                .flatMapMany(stream -> stream.send(Codecs.lines(), Flux.just("hello", "world"))
                        .then(stream.closeWrite())
                        .thenMany(stream.receive(Codecs.lines())))
                .doOnNext(show)
                .blockLast();
        client.close().then(server.close()).block();
        // readme:end
    }

    public static void main(String[] arguments) {
        run(System.out::println);
    }
}
