package io.reactivep2p.swarm;

import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.multistream.Multistream;
import io.reactivep2p.muxer.MuxedStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.MonoSink;
import reactor.util.context.Context;

/**
 * One {@code open} call: waits for the muxer's stream, then for the answer to its protocols unless that is known. One object plays
 * every part, since opening streams is hot. Runs on the event loop; only {@link #dispose()} may come from elsewhere.
 */
final class OpeningStream extends NegotiationQueue.Entry implements Runnable, CoreSubscriber<MuxedStream>, Disposable {

    private final DefaultConnection connection;
    private final List<ProtocolId> protocols;
    private final MonoSink<ProtocolStream> sink;

    private @Nullable Subscription waiting;
    private @Nullable ProtocolStream opened;
    private boolean cancelled;
    private boolean done;

    OpeningStream(DefaultConnection connection, List<ProtocolId> protocols, MonoSink<ProtocolStream> sink) {
        this.connection = connection;
        this.protocols = protocols;
        this.sink = sink;
    }

    @Override
    public void run() {
        if (!cancelled) {
            connection.muxed().openStream().subscribe(this);
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        waiting = subscription;
        subscription.request(1);
    }

    @Override
    public void onNext(MuxedStream stream) {
        waiting = null;
        if (cancelled) {
            stream.reset(ErrorCode.NONE);
            return;
        }
        ProtocolId first = protocols.get(0);
        if (protocols.size() == 1 && connection.isSpoken(first)) {
            handOut(first, Multistream.selectLazily(stream, first));
        } else {
            track(connection.negotiations(), Multistream.select(stream, protocols, this));
        }
    }

    @Override
    public void onError(Throwable cause) {
        waiting = null;
        done = true;
        sink.error(cause);
    }

    @Override
    public void onComplete() {}

    @Override
    public void selected(ProtocolId protocol, MuxedStream stream) {
        connection.negotiations().remove(this);
        connection.onSpoken(protocol);
        handOut(protocol, stream);
    }

    @Override
    public void failed(Libp2pException cause) {
        connection.negotiations().remove(this);
        done = true;
        sink.error(cause);
    }

    private void handOut(ProtocolId protocol, MuxedStream stream) {
        done = true;
        ProtocolStream handedOut = connection.streamOf(protocol, stream, null);
        opened = handedOut;
        if (cancelled) {
            handedOut.dispose();
        } else {
            sink.success(handedOut);
        }
    }

    /** The caller cancelled; the sink calls this only if it has not passed a stream on, so one that was handed out meanwhile is nobody's. */
    @Override
    public void dispose() {
        if (connection.muxed().executor().inEventLoop()) {
            cancel();
        } else {
            connection.muxed().executor().execute(this::cancel);
        }
    }

    private void cancel() {
        if (cancelled) {
            return;
        }
        cancelled = true;
        if (opened != null) {
            opened.dispose();
        }
        if (done) {
            return;
        }
        if (waiting != null) {
            waiting.cancel();
            waiting = null;
        }
        abort(new StreamResetException(ErrorCode.NONE, false));
    }

    @Override
    public Context currentContext() {
        return Context.of(sink.contextView());
    }
}
