package io.reactivep2p.protocol.echo;

import static io.reactivep2p.testing.TestHosts.PATIENCE;
import static io.reactivep2p.testing.TestHosts.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.host.Host;
import io.reactivep2p.testing.Rounds;
import io.reactivep2p.testing.TestHosts;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class EchoTest {

    @RegisterExtension
    final TestHosts hosts = new TestHosts();

    @Test
    void whatIsSentInWhateverPiecesComesBackWholeAndThenTheEnd() {
        Host host = hosts.listening(builder -> builder.service(Echo.create()));
        Connection connection = connect(hosts.start(builder -> {}), host);

        Rounds.of(5, random -> assertThat(echo(connection, pieces(random))).isTrue());

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(connection.streams()).isEmpty());
    }

    private static List<byte[]> pieces(Random random) {
        List<byte[]> pieces = new ArrayList<>();
        for (int i = random.nextInt(60); i > 0; i--) {
            pieces.add(Rounds.bytes(random, 1 << random.nextInt(18)));
        }
        return pieces;
    }

    private static boolean echo(Connection connection, List<byte[]> pieces) {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        pieces.forEach(sent::writeBytes);
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        connection
                .open(Echo.PROTOCOL)
                .flatMap(stream -> Mono.when(
                        stream.send(Flux.fromIterable(pieces).map(Unpooled::wrappedBuffer))
                                .then(stream.closeWrite()),
                        stream.receive()
                                .doOnNext(data -> received.writeBytes(ByteBufUtil.getBytes(data)))
                                .then()))
                .block(PATIENCE);
        assertThat(received.toByteArray()).isEqualTo(sent.toByteArray());
        return true;
    }
}
