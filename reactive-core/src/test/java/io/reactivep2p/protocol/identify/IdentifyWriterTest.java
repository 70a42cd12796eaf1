package io.reactivep2p.protocol.identify;

import static io.reactivep2p.testing.TestHosts.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.host.Host;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.protocol.identify.pb.IdentifyProto;
import io.reactivep2p.testing.TestHosts;
import java.lang.reflect.Proxy;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

class IdentifyWriterTest {

    @RegisterExtension
    final TestHosts hosts = new TestHosts();

    @Test
    void ourMessageKeepsToFourKibibytesWhateverThereIsToTell() {
        Host host = hosts.start(builder -> {});
        IntStream.range(0, 100)
                .forEach(i -> host.listen(Multiaddr.of("/memory/0")).block(PATIENCE));
        String versions = "v".repeat(IdentifyOptions.MAX_VERSION_LENGTH);
        IdentifyOptions options = new IdentifyOptions(
                versions, versions, IdentifyOptions.DEFAULT_TIMEOUT, IdentifyOptions.DEFAULT_PUSH_DELAY);

        for (int protocols = 0; protocols <= 300; protocols += 1 + protocols / 2) {
            while (host.protocols().size() < protocols) {
                host.handle(ProtocolId.of("/some/protocol/" + host.protocols().size()), stream -> Mono.never());
            }
            for (int observed = 100; observed < 160; observed++) {
                IdentifyProto.Identify message = writer(host, options).message(seenAt(observed));

                assertThat(message.getSerializedSize()).isLessThanOrEqualTo(IdentifyWriter.MAX_BYTES);
                assertThat(message.hasPublicKey()).isTrue();
                // Neither protocols nor addresses crowd the other out.
                assertThat(message.getProtocolsCount()).isGreaterThanOrEqualTo(Math.min(protocols, 100));
                assertThat(message.getListenAddrsCount()).isGreaterThanOrEqualTo(70);
            }
        }
    }

    @Test
    void aLittleHostTellsEverything() {
        Host host = hosts.listening();
        host.handle(ProtocolId.of("/one"), stream -> Mono.never());

        IdentifyProto.Identify message =
                writer(host, IdentifyOptions.defaults()).message(seenAt(20));

        assertThat(message.getProtocolsList()).containsExactly("/one");
        assertThat(message.getListenAddrsCount()).isEqualTo(1);
        assertThat(message.getSignedPeerRecord().toByteArray())
                .isEqualTo(host.peerRecord().toBytes());
        assertThat(message.getObservedAddr().size()).isEqualTo(20);
    }

    @Test
    void aChangeMakesTheMessageAnew() {
        Host host = hosts.listening();
        IdentifyWriter writer = writer(host, IdentifyOptions.defaults());
        assertThat(writer.message(seenAt(20)).getProtocolsList()).isEmpty();

        host.handle(ProtocolId.of("/one"), stream -> Mono.never());
        assertThat(writer.message(seenAt(20)).getProtocolsList()).isEmpty();
        writer.onChange();

        assertThat(writer.message(seenAt(20)).getProtocolsList()).containsExactly("/one");
    }

    private static IdentifyWriter writer(Host host, IdentifyOptions options) {
        return new IdentifyWriter(host, host.peerRecord().signer(), options);
    }

    /** A connection from an address of so many bytes. */
    private static Connection seenAt(int bytes) {
        // Two bytes for the code and one or two for the length, then the path with its slash.
        int path = bytes - (bytes <= 130 ? 3 : 4);
        Multiaddr address = Multiaddr.of("/unix/" + "p".repeat(path - 1));
        assertThat(address.length()).isBetween(bytes - 1, bytes + 1);
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                    if (method.getName().equals("remoteAddress")) {
                        return address;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
