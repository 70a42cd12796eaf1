package io.reactivep2p.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedTransport;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.transport.Listener;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/** A listener of a {@link MuxedTransport}, and one connection to it if the test wants one. */
final class MuxedEnds implements AutoCloseable {

    static final KeyPair DIALER = KeyPair.generate();
    static final KeyPair LISTENER = KeyPair.generate();

    final MuxedTransport transport;
    final Listener listener;
    final BlockingQueue<Accepted> accepted = new LinkedBlockingQueue<>();
    /** Of the connection that {@link #connect} made. */
    final BlockingQueue<LoopStream> streams = new LinkedBlockingQueue<>();

    private boolean accepting = true;
    private @Nullable MuxedConnection here;
    private @Nullable MuxedConnection there;

    /** A connection as its transport hands it over. */
    record Accepted(MuxedConnection connection, boolean onLoop) {}

    MuxedEnds(MuxedTransport transport, Multiaddr address) {
        this.transport = transport;
        this.listener = transport
                .listen(address, LISTENER, this::accept)
                .blockOptional(LoopStream.PATIENCE)
                .orElseThrow();
    }

    private void accept(MuxedConnection connection) {
        if (accepting) {
            connection.acceptStreams(stream -> streams.add(new LoopStream(stream)));
        }
        accepted.add(new Accepted(connection, connection.executor().inEventLoop()));
    }

    MuxedEnds refusingStreams() {
        accepting = false;
        return this;
    }

    Accepted next() {
        return poll(accepted, "an accepted connection");
    }

    MuxedConnection dial(@Nullable PeerId expected) {
        return dial(listener.address(), expected);
    }

    MuxedConnection dial(Multiaddr address, @Nullable PeerId expected) {
        MuxedConnection dialed = transport
                .dial(address, DIALER, expected)
                .doOnNext(made -> {
                    assertThat(made.executor().inEventLoop())
                            .describedAs("on the event loop")
                            .isTrue();
                    made.acceptStreams(stream -> streams.add(new LoopStream(stream)));
                })
                .block(LoopStream.PATIENCE);
        return Objects.requireNonNull(dialed);
    }

    MuxedEnds connect() {
        here = dial(null);
        there = next().connection();
        return this;
    }

    MuxedConnection here() {
        return Objects.requireNonNull(here);
    }

    MuxedConnection there() {
        return Objects.requireNonNull(there);
    }

    /** Opens a stream; the other end does not know of it. */
    LoopStream open(MuxedConnection from) {
        LoopStream[] opened = new LoopStream[1];
        from.openStream()
                .subscribeOn(Schedulers.fromExecutor(from.executor()))
                .doOnNext(stream -> opened[0] = new LoopStream(stream))
                .block(LoopStream.PATIENCE);
        return Objects.requireNonNull(opened[0]);
    }

    /** A stream that both ends have, opened by the dialer; one byte has gone over it. */
    Both openBoth() {
        return openBoth(here());
    }

    Both openBoth(MuxedConnection from) {
        LoopStream opened = open(from);
        opened.tell(asked -> asked.write(1));
        LoopStream other = poll(streams, "an accepted stream");
        other.tell(RecordingStream::consumeAll);
        other.await("the first byte", asked -> asked.received == 1);
        return new Both(opened, other);
    }

    record Both(LoopStream here, LoopStream there) {}

    static <T> T poll(BlockingQueue<T> queue, String what) {
        try {
            T next = queue.poll(LoopStream.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(next).describedAs(what).isNotNull();
            return Objects.requireNonNull(next);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends everything, and waits for it. */
    static void close(MuxedConnection... ends) {
        for (MuxedConnection end : ends) {
            end.dispose();
        }
        for (MuxedConnection end : ends) {
            end.onDispose().block(LoopStream.PATIENCE);
        }
    }

    @Override
    public void close() {
        if (here != null) {
            close(here);
        }
        if (there != null) {
            close(there);
        }
        listener.close().block(LoopStream.PATIENCE);
    }
}
