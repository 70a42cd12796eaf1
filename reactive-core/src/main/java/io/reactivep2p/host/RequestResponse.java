package io.reactivep2p.host;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.wire.MessageCodec;
import reactor.core.publisher.Mono;

/**
 * A protocol of one request and one answer, each call on a stream of its own.
 *
 * @param protocol its name
 * @param requests how requests are written
 * @param answers how answers are written
 */
public record RequestResponse<Q, A>(ProtocolId protocol, MessageCodec<Q> requests, MessageCodec<A> answers) {

    public static <Q, A> RequestResponse<Q, A> of(String protocol, MessageCodec<Q> requests, MessageCodec<A> answers) {
        return new RequestResponse<>(ProtocolId.of(protocol), requests, answers);
    }

    /**
     * Asks a peer, dialing it where it is not connected.
     *
     * <p><b>Completion</b>: with the answer. <b>Errors</b>: those of {@link Host#open}; {@link ProtocolViolationException} when the
     * stream ends without an answer; {@code StreamResetException} when the peer refuses. No time limit: add {@code timeout}.
     *
     * <p><b>Cancellation</b>: resets the stream.
     */
    public Mono<A> request(Host host, PeerId peer, Q request) {
        return host.open(peer, protocol).flatMap(stream -> exchange(stream, request));
    }

    /** As {@link #request(Host, PeerId, Object)}, on an existing connection. */
    public Mono<A> request(Connection connection, Q request) {
        return connection.open(protocol).flatMap(stream -> exchange(stream, request));
    }

    private Mono<A> exchange(ProtocolStream stream, Q request) {
        return stream.send(requests, request)
                .then(stream.closeWrite())
                .then(stream.receive(answers).next())
                .switchIfEmpty(Mono.error(() -> new ProtocolViolationException(
                        "the peer ended the stream of " + protocol + " without an answer")))
                .doFinally(end -> {
                    switch (end) {
                        case ON_COMPLETE -> stream.close().subscribe();
                        default -> stream.dispose();
                    }
                });
    }
}
