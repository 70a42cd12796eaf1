package io.reactivep2p.swarm;

import static io.reactivep2p.testing.TestHosts.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.host.ProtocolHandler;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multistream.Multistream;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.security.SecurityParameters;
import io.reactivep2p.testing.PlainTestSecurity;
import io.reactivep2p.testing.TestMuxer;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.RawTransport;
import io.reactivep2p.transport.memory.Memory;
import io.reactivep2p.wire.Codecs;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A tour of the codebase: one connection and one stream, put together by hand, without a host. Read it from top to bottom; each step is
 * one method of one interface, and what each returns is what the next one takes.
 *
 * <pre>
 *   socket   RawTransport.dial / listen    -> RawConnection       bytes
 *   secure   SecureChannel.secure          -> SecuredConnection   bytes, and who is at the other end
 *   mux      StreamMuxer.mux               -> MuxedConnection     opens and accepts streams
 *   select   Multistream.select / respond  -> a protocol for a MuxedStream
 *   stream   DefaultProtocolStream.create  -> ProtocolStream      Reactor begins here
 *   user     ProtocolHandler.handle        -> Publisher of nothing
 * </pre>
 *
 * <p>In a host, the Dialer and the Swarm do the first step, the ConnectionUpgrader the second and third (and negotiates which secure
 * channel and which muxer; here both ends simply know), DefaultConnection the fourth and fifth, and ProtocolTable the last.
 */
class DataPathTest {

    private static final ProtocolId SHOUT = ProtocolId.of("/shout/1.0.0");

    private final KeyPair alice = KeyPair.generate();
    private final KeyPair bob = KeyPair.generate();

    /** Alice dials Bob and sends him lines; he answers each in capitals. */
    @Test
    void whatOneUserSendsReachesTheOtherThroughEveryStep() {
        RawTransport transport = Memory.create();

        // The listening side: whatever is accepted goes through the same steps, as the responder.
        Listener listener = transport
                .listen(Multiaddr.of("/memory/0"), raw -> secureAndMux(raw, bob, null)
                        .subscribe(muxed -> muxed.acceptStreams(stream -> serve(stream, DataPathTest::shout))))
                .block(PATIENCE);

        // The dialing side: socket, secure, mux. The address says where, the peer id says who must answer.
        MuxedConnection connection = transport
                .dial(listener.address())
                .flatMap(raw -> secureAndMux(raw, alice, PeerId.of(bob.publicKey())))
                .block(PATIENCE);
        assertThat(connection.remotePeer()).isEqualTo(PeerId.of(bob.publicKey()));

        // A stream, and its protocol.
        ProtocolStream stream = open(connection, SHOUT).block(PATIENCE);
        assertThat(stream.protocol()).isEqualTo(SHOUT);

        // The user: sends from one publisher, then half-closes, and subscribes to another. The codec turns messages
        // into bytes.
        List<String> answers = stream.send(Codecs.lines(), Flux.just("hello", "world"))
                .then(stream.closeWrite())
                .thenMany(stream.receive(Codecs.lines()))
                .collectList()
                .block(PATIENCE);

        assertThat(answers).containsExactly("HELLO", "WORLD");

        connection.close(ErrorCode.NONE);
        connection.onDispose().block(PATIENCE);
        listener.close().block(PATIENCE);
    }

    // ---- secure, mux ----

    /** Both steps add a handler to the channel's pipeline, so they happen on its event loop, before the bytes that they are for. */
    private static Mono<MuxedConnection> secureAndMux(RawConnection raw, KeyPair identity, @Nullable PeerId expected) {
        Mono<SecuredConnection> secured = PlainTestSecurity.create()
                .secure(raw, new SecurityParameters(identity, expected, List.of(TestMuxer.PROTOCOL)));
        return secured
                // A raw connection does not read before someone listens to it: in the next turn the handshake does.
                .doOnSubscribe(subscription -> raw.channel()
                        .eventLoop()
                        .execute(() -> raw.channel().config().setAutoRead(true)))
                .map(TestMuxer.create()::mux);
    }

    // ---- select ----

    /** The opener's side: offers one protocol and waits for the answer. */
    private static Mono<ProtocolStream> open(MuxedConnection connection, ProtocolId protocol) {
        return Mono.create(sink -> connection.executor().execute(() -> connection
                .openStream()
                .subscribe(stream -> Multistream.select(
                        stream, List.of(protocol), new Selected(opened -> sink.success(opened), sink::error)))));
    }

    /** The responder's side: answers the offers until one fits, then calls the handler. */
    private static void serve(MuxedStream stream, ProtocolHandler handler) {
        Multistream.respond(
                stream,
                SHOUT::equals,
                new Selected(
                        accepted -> Flux.from(handler.handle(accepted))
                                .subscribe(none -> {}, failure -> accepted.dispose(), () -> accepted.close()
                                        .subscribe()),
                        refused -> {}));
    }

    /** How a negotiation ends; from here on the stream is the user's. */
    private record Selected(Consumer<ProtocolStream> use, Consumer<Throwable> refuse) implements Multistream.Outcome {

        @Override
        public void selected(ProtocolId protocol, MuxedStream stream) {
            use.accept(DefaultProtocolStream.create(StreamFixture.CONNECTION, protocol, stream, () -> {}));
        }

        @Override
        public void failed(Libp2pException cause) {
            refuse.accept(cause);
        }
    }

    // ---- user ----

    /**
     * What an application writes. Lines are requested of the remote peer only as fast as the answers go out: between {@code receive} and
     * {@code send} there is nothing but demand.
     */
    private static Mono<Void> shout(ProtocolStream stream) {
        return stream.send(Codecs.lines(), stream.receive(Codecs.lines()).map(line -> line.toUpperCase(Locale.ROOT)));
    }
}
