package io.reactivep2p.examples.p2p;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;
import io.reactivep2p.connection.ProtocolStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Joins blocking streams to a protocol stream, each direction on a thread of its own and at the pace of the slower end. The input is
 * read when the stream has room for a piece of it; the remote peer gets room for as much as was written to the output.
 */
final class StreamPipe {

    private static final int READ_BYTES = 64 * 1024;

    /** Buffers that wait for the output; each is at most a frame, and the remote peer has no credit for them yet. */
    private static final int WAITING = 8;

    private final ProtocolStream stream;
    private final InputStream in;
    private final PrintStream out;

    StreamPipe(ProtocolStream stream, InputStream in, PrintStream out) {
        this.stream = stream;
        this.in = in;
        this.out = out;
    }

    /** Completes when both directions have ended; the first failure ends both. Cancelling resets the stream. */
    Mono<Void> run() {
        Scheduler reader = Schedulers.newSingle("p2p-stdin", true);
        Scheduler writer = Schedulers.newSingle("p2p-stdout", true);
        Mono<Void> outgoing =
                stream.send(Flux.generate(this::read).subscribeOn(reader)).then(stream.closeWrite());
        Mono<Void> incoming = stream.receive()
                .map(ByteBuf::retain)
                .publishOn(writer, WAITING)
                .doOnNext(this::write)
                .doOnDiscard(ByteBuf.class, ReferenceCountUtil::release)
                .then();
        return Mono.when(outgoing, incoming)
                .doOnError(cause -> stream.dispose())
                .doOnCancel(stream::dispose)
                .doFinally(end -> {
                    reader.dispose();
                    writer.dispose();
                });
    }

    /** Whatever is there, so that a line typed goes out at once. Buffers of the heap: one that is dropped costs nothing. */
    private void read(SynchronousSink<ByteBuf> sink) {
        byte[] bytes = new byte[READ_BYTES];
        try {
            int count = in.read(bytes);
            if (count < 0) {
                sink.complete();
            } else {
                sink.next(Unpooled.wrappedBuffer(bytes, 0, count));
            }
        } catch (IOException e) {
            sink.error(new UncheckedIOException("cannot read stdin: " + e.getMessage(), e));
        }
    }

    private void write(ByteBuf data) {
        try {
            data.readBytes(out, data.readableBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write stdout: " + e.getMessage(), e);
        } finally {
            data.release();
        }
        // Flushes; a PrintStream keeps its failures to itself.
        if (out.checkError()) {
            throw new UncheckedIOException("cannot write stdout", new IOException("stdout is closed"));
        }
    }
}
