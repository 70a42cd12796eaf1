package io.reactivep2p.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.testing.PlainTestSecurity;
import io.reactivep2p.testing.TestMuxer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What the tests of the layers above rely on: the muxer for tests keeps the contract of a muxed stream. */
class TestMuxerTest {

    private static final int WINDOW = 1000;

    private final ChannelPair pair = new ChannelPair(100);
    private final AtomicReference<MuxedStream> theirs = new AtomicReference<>();
    private final Ears ourEars = new Ears();
    private final Ears theirEars = new Ears();
    private MuxedConnection connection;
    private MuxedStream ours;

    @BeforeEach
    void connect() {
        AtomicReference<MuxedConnection> dialed = new AtomicReference<>();
        upgrade(true).upgrade(pair.dialed(), null).subscribe(dialed::set);
        Mono<MuxedConnection> accepted = upgrade(false).upgrade(pair.accepted(), null);
        accepted.subscribe(other -> other.acceptStreams(stream -> {
            theirs.set(stream);
            stream.attach(theirEars);
        }));
        pair.pump();
        connection = dialed.get();
        ours = connection.openStream().block(Duration.ofSeconds(1));
        ours.attach(ourEars);
        ours.flush();
        pair.pump();
        assertThat(theirs.get()).isNotNull();
    }

    @AfterEach
    void nothingIsLeft() {
        pair.assertNothingLeft();
    }

    @Test
    void theSenderStallsAtTheWindowUntilTheReceiverHasConsumed() {
        ours.write(Unpooled.buffer().writeZero(2500));
        ours.flush();
        pair.pump();
        assertThat(theirEars.bytes).isEqualTo(WINDOW);
        assertThat(ours.isWritable()).isFalse();

        theirs.get().consumed(WINDOW);
        pair.pump();
        assertThat(theirEars.bytes).isEqualTo(2 * WINDOW);
        assertThat(ourEars.writable).isZero();

        theirs.get().consumed(WINDOW);
        pair.pump();
        assertThat(theirEars.bytes).isEqualTo(2500);
        assertThat(ours.isWritable()).isTrue();
        assertThat(ourEars.writable).isEqualTo(1);
    }

    @Test
    void bothEndsInOrderCloseTheStream() {
        ours.write(Unpooled.buffer().writeZero(10));
        ours.closeWrite();
        pair.pump();
        assertThat(theirEars.ends).isEqualTo(1);
        assertThat(theirEars.closes).isZero();

        theirs.get().closeWrite();
        pair.pump();
        assertThat(List.of(ourEars.closes, theirEars.closes)).containsExactly(1, 1);
        assertThat(connection.streamCount()).isZero();
    }

    @Test
    void aResetIsTheOthersError() {
        ours.reset(ErrorCode.GATED);
        pair.pump();
        assertThat(theirEars.error).isInstanceOfSatisfying(StreamResetException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.GATED);
            assertThat(e.remote()).isTrue();
        });
        assertThat(ourEars.error).isNull();
    }

    @Test
    void theEndOfTheConnectionIsTheErrorOfItsStreams() {
        connection.close(ErrorCode.SHUTDOWN);
        pair.pump();
        assertThat(ourEars.error).isInstanceOf(ConnectionClosedException.class);
        assertThat(theirEars.error).isInstanceOfSatisfying(ConnectionClosedException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.SHUTDOWN));
    }

    private static ConnectionUpgrader upgrade(boolean dialer) {
        byte[] seed = new byte[32];
        seed[0] = (byte) (dialer ? 1 : 2);
        return ConnectionUpgrader.create(
                KeyPair.ofSeed(seed),
                List.of(PlainTestSecurity.create()),
                List.of(TestMuxer.withWindow(WINDOW)),
                UpgraderOptions.defaults());
    }

    private static final class Ears implements MuxedStream.Listener {

        int bytes;
        int ends;
        int closes;
        int writable;
        Libp2pException error;

        @Override
        public void onData(ByteBuf data) {
            bytes += data.readableBytes();
            data.release();
        }

        @Override
        public void onEnd() {
            ends++;
        }

        @Override
        public void onError(Libp2pException cause) {
            error = cause;
        }

        @Override
        public void onWritable() {
            writable++;
        }

        @Override
        public void onClosed() {
            closes++;
        }
    }
}
