package io.reactivep2p.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.netty.EventLoops;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.netty.resources.LoopResources;

/** The end of a stream that is written with nothing else, for which quiche has no memory of its own. */
class QuicEndTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Consumes everything, and ends what the peer ends. */
    private static final class Echoing implements MuxedStream.Listener {

        private final MuxedStream stream;
        private final CompletableFuture<Void> data = new CompletableFuture<>();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private Runnable onData = () -> {};

        Echoing(MuxedStream stream) {
            this.stream = stream;
            stream.attach(this);
        }

        void writeByte() {
            stream.write(ByteBufAllocator.DEFAULT.buffer(1).writeByte(1));
            stream.flush();
        }

        @Override
        public void onData(ByteBuf piece) {
            int bytes = piece.readableBytes();
            piece.release();
            stream.consumed(bytes);
            onData.run();
            data.complete(null);
        }

        @Override
        public void onEnd() {
            stream.closeWrite();
            ended.complete(null);
        }

        @Override
        public void onError(Libp2pException cause) {
            ended.completeExceptionally(cause);
        }

        @Override
        public void onWritable() {}

        @Override
        public void onClosed() {}
    }

    private static void await(CompletableFuture<?> happening) throws Exception {
        happening.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Without blocking, which nobody may on an event loop. */
    @SuppressWarnings("EmptyBlock")
    private static void spinUntil(CompletableFuture<?> happening) {
        while (!happening.isDone()) {}
    }

    /**
     * The peer's end and, behind it, its acknowledgement of all that we sent wait in the socket together. quiche would take the
     * acknowledgement for that of our end, too, and send none, had it been told of it in between (cloudflare/quiche, issue 2525).
     */
    @Test
    void anEndThatAnswersAnEndArrivesWhateverElseCameWithThatOne() throws Exception {
        LoopResources resources = LoopResources.create("quic-end", 1, true);
        CompletableFuture<Echoing> accepted = new CompletableFuture<>();
        Listener listener = Quic.create(spec -> spec.loops(EventLoops.of(resources, true)))
                .listen(
                        Multiaddr.of("/ip4/127.0.0.1/udp/0/quic-v1"),
                        KeyPair.generate(),
                        made -> made.acceptStreams(stream -> accepted.complete(new Echoing(stream))))
                .blockOptional(PATIENCE)
                .orElseThrow();
        MuxedConnection dialed = Quic.create()
                .dial(listener.address(), KeyPair.generate(), null)
                .blockOptional(PATIENCE)
                .orElseThrow();
        CompletableFuture<Echoing> opened = new CompletableFuture<>();
        dialed.executor().execute(() -> dialed.openStream().subscribe(stream -> {
            Echoing here = new Echoing(stream);
            here.writeByte();
            opened.complete(here);
        }));
        Echoing here = opened.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Echoing there = accepted.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        await(there.data);

        CompletableFuture<Void> reading = new CompletableFuture<>();
        CompletableFuture<Void> endSent = new CompletableFuture<>();
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        // What is read is acknowledged at the end of the turn, so before the next task.
        here.onData = () -> dialed.executor().execute(() -> acknowledged.complete(null));
        there.stream.executor().execute(() -> {
            reading.complete(null);
            spinUntil(endSent);
            there.writeByte();
            spinUntil(acknowledged);
        });
        await(reading);
        dialed.executor().execute(() -> {
            here.stream.closeWrite();
            endSent.complete(null);
        });

        await(there.ended);
        await(here.ended);
        dialed.dispose();
        dialed.onDispose().block(PATIENCE);
        listener.close().block(PATIENCE);
        resources.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(PATIENCE);
    }
}
