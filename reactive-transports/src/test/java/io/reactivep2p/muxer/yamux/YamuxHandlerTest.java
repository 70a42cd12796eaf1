package io.reactivep2p.muxer.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.RecordingListener;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.transport.RawConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class YamuxHandlerTest {

    private final EmbeddedChannel clientChannel = new EmbeddedChannel();
    private final EmbeddedChannel serverChannel = new EmbeddedChannel();
    private final MuxedConnection client = mux(clientChannel, Direction.OUTBOUND);
    private final MuxedConnection server = mux(serverChannel, Direction.INBOUND);
    private final List<RecordingListener> accepted = new ArrayList<>();

    YamuxHandlerTest() {
        server.acceptStreams(stream -> accepted.add(new RecordingListener(stream)));
    }

    static MuxedConnection mux(EmbeddedChannel channel, Direction direction) {
        return Yamux.create()
                .mux(new SecuredConnection(
                        new RawConnection(channel, null, null, direction),
                        null,
                        null,
                        null,
                        ProtocolId.of("/plaintext/2.0.0"),
                        null));
    }

    /** Carries bytes both ways until there are none. */
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
        for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
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

    @AfterEach
    void close() {
        client.close(ErrorCode.NONE);
        talk();
        server.close(ErrorCode.NONE);
        talk();
        clientChannel.finishAndReleaseAll();
        serverChannel.finishAndReleaseAll();
    }

    @Test
    void aRequestAndItsEndTravelInOneWrite() {
        talk();
        MuxedStream stream = client.openStream().block();
        RecordingListener answer = new RecordingListener(stream);
        stream.write(text("ping"));
        stream.closeWrite();
        ByteBuf request = clientChannel.readOutbound();
        assertThat(request.readableBytes()).isEqualTo(12 + 4 + 12);
        serverChannel.writeInbound(request);
        assertThat(accepted).hasSize(1);
        assertThat(accepted.get(0).receivedText()).isEqualTo("ping");
        assertThat(accepted.get(0).ends).isEqualTo(1);
        MuxedStream inbound = accepted.get(0).stream;
        inbound.write(text("pong"));
        inbound.closeWrite();
        talk();
        assertThat(answer.receivedText()).isEqualTo("pong");
        assertThat(answer.closes).isEqualTo(1);
        assertThat(accepted.get(0).closes).isEqualTo(1);
        assertThat(client.streamCount()).isZero();
        assertThat(server.streamCount()).isZero();
    }

    @Test
    void theRoundTripIsMeasuredAtTheStart() {
        assertThat(client.rttNanos()).isEqualTo(-1);
        talk();
        assertThat(client.rttNanos()).isPositive();
        assertThat(server.rttNanos()).isPositive();
    }

    @Test
    void bytesWrittenWithoutAFlushWaitForIt() {
        MuxedStream stream = client.openStream().block();
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
    void closingSaysGoodbyeThenClosesTheChannelAndEndsEveryStream() {
        RecordingListener here = new RecordingListener(client.openStream().block());
        talk();
        client.close(ErrorCode.SHUTDOWN);
        assertThat(here.error).isInstanceOf(ConnectionClosedException.class);
        assertThat(client.closeCause().orElseThrow().remote()).isFalse();
        talk();
        assertThat(clientChannel.isActive()).isFalse();
        assertThat(serverChannel.isActive()).isFalse();
        ConnectionClosedException there = (ConnectionClosedException) accepted.get(0).error;
        assertThat(there.remote()).isTrue();
        assertThat(there.code()).isEqualTo(ErrorCode.SHUTDOWN);
        assertThat(server.closeCause()).contains(there);
        server.onDispose().block();
        client.onDispose().block();
    }

    @Test
    void aLostChannelEndsEveryStreamAndFailsWhoWaitsForOne() {
        RecordingListener here = new RecordingListener(client.openStream().block());
        talk();
        clientChannel.close();
        assertThat(here.error).isInstanceOfSatisfying(ConnectionClosedException.class, e -> assertThat(e.remote())
                .isTrue());
        assertThat(client.isDisposed()).isTrue();
        client.onDispose().block();
        assertThat(client.openStream()
                        .onErrorComplete(ConnectionClosedException.class)
                        .block())
                .isNull();
    }

    @Test
    void aProtocolErrorIsAnsweredWithGoAwayAndCloses() {
        talk();
        clientChannel.writeInbound(Unpooled.wrappedBuffer(new byte[] {1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0}));
        ByteBuf goAway = clientChannel.readOutbound();
        assertThat(goAway.readLong()).isEqualTo(3L << 48);
        assertThat(goAway.readInt()).isEqualTo(1);
        goAway.release();
        assertThat(clientChannel.isActive()).isFalse();
        assertThat(client.closeCause().orElseThrow().getCause()).isInstanceOf(YamuxException.class);
    }

    @Test
    void nothingPilesUpInAChannelThatTakesNoMore() {
        MuxedStream stream = client.openStream().block();
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
        assertThat(listener.writables).isEqualTo(1);
        talk();
        assertThat(accepted.get(0).received).isEqualTo(100_000);
    }
}
