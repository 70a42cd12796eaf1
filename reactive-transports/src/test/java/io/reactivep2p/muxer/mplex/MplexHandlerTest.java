package io.reactivep2p.muxer.mplex;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.RecordingListener;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.resource.ResourceLimitException;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.transport.RawConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class MplexHandlerTest {

    private static final KeyPair KEY = KeyPair.generate();

    private final EmbeddedChannel clientChannel = channel();
    private final EmbeddedChannel serverChannel = channel();
    private final MuxedConnection client = mux(clientChannel, Direction.OUTBOUND);
    private final MuxedConnection server = mux(serverChannel, Direction.INBOUND);
    private final List<RecordingListener> accepted = new ArrayList<>();

    MplexHandlerTest() {
        server.acceptStreams(stream -> accepted.add(new RecordingListener(stream)));
    }

    private static EmbeddedChannel channel() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        return channel;
    }

    private static MuxedConnection mux(EmbeddedChannel channel, Direction direction) {
        Multiaddr anywhere = Multiaddr.of("/memory/1");
        return Mplex.create(spec -> spec.maxStreamBuffer(1_000).maxOutboundStreams(3))
                .mux(new SecuredConnection(
                        new RawConnection(channel, anywhere, anywhere, direction),
                        PeerId.of(KEY.publicKey()),
                        PeerId.of(KEY.publicKey()),
                        KEY.publicKey(),
                        ProtocolId.of("/plaintext/2.0.0"),
                        null));
    }

    /** Carries bytes both ways until there are none; an end whose reading is off is left alone. */
    private void talk() {
        boolean any = true;
        while (any) {
            clientChannel.runPendingTasks();
            any = carry(clientChannel, serverChannel);
            serverChannel.runPendingTasks();
            any |= carry(serverChannel, clientChannel);
        }
    }

    private static boolean carry(EmbeddedChannel from, EmbeddedChannel to) {
        boolean any = false;
        while (to.config().isAutoRead()) {
            ByteBuf bytes = from.readOutbound();
            if (bytes == null) {
                break;
            }
            any = true;
            if (to.isActive()) {
                to.writeInbound(bytes);
            } else {
                bytes.release();
            }
        }
        return any;
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private MuxedStream open() {
        return Objects.requireNonNull(client.openStream().block());
    }

    @AfterEach
    void close() {
        client.close(ErrorCode.NONE);
        server.close(ErrorCode.NONE);
        talk();
        clientChannel.finishAndReleaseAll();
        serverChannel.finishAndReleaseAll();
    }

    @Test
    void aNewStreamItsRequestAndItsEndTravelInOneWrite() {
        MuxedStream stream = open();
        stream.write(text("ping"));
        stream.closeWrite();
        ByteBuf request = clientChannel.readOutbound();
        assertThat(request.readableBytes()).isEqualTo(3 + 2 + 4 + 2);
        serverChannel.writeInbound(request);
        assertThat(accepted).singleElement().satisfies(one -> {
            assertThat(one.receivedText()).isEqualTo("ping");
            assertThat(one.ends).isOne();
        });
    }

    @Test
    void bytesWrittenWithoutAFlushWaitForIt() {
        MuxedStream stream = open();
        talk();
        stream.write(text("a"));
        stream.write(text("b"));
        talk();
        assertThat(accepted.get(0).received).isZero();
        stream.flush();
        talk();
        assertThat(accepted.get(0).receivedText()).isEqualTo("ab");
    }

    @Test
    void largeWritesAreNotCopied() {
        MuxedStream stream = open();
        talk();
        ByteBuf large = Unpooled.buffer().writeZero(50_000);
        stream.write(large);
        stream.flush();
        ByteBuf head = clientChannel.readOutbound();
        assertThat(head.readableBytes()).isEqualTo(1 + 3);
        head.release();
        assertThat((ByteBuf) clientChannel.readOutbound()).isSameAs(large);
        large.release();
    }

    @Test
    void aSlowReaderTurnsTheReadingOffAndOnAgain() {
        MuxedStream stream = open();
        talk();
        RecordingListener slow = accepted.get(0);
        slow.consuming = false;
        stream.write(Unpooled.buffer().writeZero(1_001));
        stream.flush();
        talk();
        assertThat(serverChannel.config().isAutoRead()).isFalse();
        slow.stream.consumed(900);
        assertThat(serverChannel.config().isAutoRead())
                .as("a channel may deliver at once when reading is turned on, and the reader is on the stack")
                .isFalse();
        serverChannel.runPendingTasks();
        assertThat(serverChannel.config().isAutoRead()).isTrue();
    }

    @Test
    void aReaderThatStopsLosesItsStreamAndReadingGoesOn() {
        MuxedStream stream = open();
        RecordingListener here = new RecordingListener(stream);
        talk();
        RecordingListener stalled = accepted.get(0);
        stalled.consuming = false;
        stream.write(Unpooled.buffer().writeZero(1_001));
        stream.flush();
        talk();
        serverChannel.advanceTimeBy(5, TimeUnit.SECONDS);
        serverChannel.runScheduledPendingTasks();
        talk();
        assertThat(stalled.error).isInstanceOf(StreamResetException.class);
        assertThat(here.error).isInstanceOf(StreamResetException.class);
        assertThat(serverChannel.config().isAutoRead()).isTrue();
        assertThat(serverChannel.runScheduledPendingTasks())
                .as("no timer is left")
                .isEqualTo(-1);
    }

    @Test
    void nothingPilesUpInAChannelThatTakesNoMore() {
        MuxedStream stream = open();
        RecordingListener listener = new RecordingListener(stream);
        talk();
        clientChannel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        clientChannel.runPendingTasks();
        assertThat(stream.isWritable()).isFalse();
        stream.write(Unpooled.buffer().writeZero(100_000));
        stream.flush();
        assertThat(clientChannel.outboundMessages()).isEmpty();
        clientChannel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        clientChannel.runPendingTasks();
        assertThat(listener.writables).isOne();
        talk();
        assertThat(accepted.get(0).received).isEqualTo(100_000);
    }

    @Test
    void closingSendsWhatWasWrittenThenClosesTheChannel() {
        MuxedStream stream = open();
        RecordingListener here = new RecordingListener(stream);
        talk();
        stream.write(text("last words"));
        client.close(ErrorCode.SHUTDOWN);
        assertThat(here.error).isInstanceOf(ConnectionClosedException.class);
        assertThat(client.closeCause()).hasValueSatisfying(cause -> {
            assertThat(cause.remote()).isFalse();
            assertThat(cause.code()).isEqualTo(ErrorCode.SHUTDOWN);
        });
        talk();
        assertThat(accepted.get(0).receivedText()).isEqualTo("last words");
        assertThat(clientChannel.isActive()).isFalse();
        StepVerifier.create(client.onDispose()).verifyComplete();
    }

    @Test
    void aProtocolErrorClosesTheConnectionAndSaysWhy() {
        talk();
        clientChannel.writeInbound(Unpooled.wrappedBuffer(new byte[] {0x0f, 0}));
        assertThat(clientChannel.isActive()).isFalse();
        assertThat(client.closeCause().orElseThrow())
                .hasCauseInstanceOf(ProtocolViolationException.class)
                .hasMessageContaining("no known kind");
    }

    @Test
    void aChannelThatFailsEndsTheConnection() {
        RecordingListener here = new RecordingListener(open());
        clientChannel.pipeline().fireExceptionCaught(new IOException("planted"));
        assertThat(here.error).isInstanceOfSatisfying(ConnectionClosedException.class, cause -> assertThat(cause)
                .hasRootCauseMessage("planted"));
        assertThat(clientChannel.isActive()).isFalse();
    }

    @Test
    void whoAsksForOneStreamTooManyIsTold() {
        for (int i = 0; i < 3; i++) {
            open();
        }
        StepVerifier.create(client.openStream()).verifyError(ResourceLimitException.class);
        client.close(ErrorCode.NONE);
        StepVerifier.create(client.openStream()).verifyError(ConnectionClosedException.class);
    }

    @Test
    void anOpeningThatIsCancelledBeforeItIsRequestedOpensNothing() {
        StepVerifier.create(client.openStream(), 0).thenCancel().verify();
        assertThat(client.streamCount()).isZero();
        assertThat(client.rttNanos()).isEqualTo(-1);
    }
}
