package io.reactivep2p.interop.suite;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Where the listener of a test leaves its address and the dialer finds it: a key of a Redis server, which may still be starting.
 *
 * @param patience for either
 */
record Rendezvous(InetSocketAddress server, Manner manner, String key, Duration patience) {

    /** The suites disagree. */
    enum Manner {

        /** A list, in the transport suite: {@code RPUSH} and {@code BLPOP}. */
        LIST,

        /** A value, in the perf suite: {@code SET} and {@code GET}. */
        VALUE
    }

    /** How long the server waits for a list to fill before it says that nothing came, and is asked again. */
    private static final Duration SERVER_WAITS = Duration.ofSeconds(5);

    /** Between two looks at a value; as rust-libp2p's program. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private static final Duration BETWEEN_CONNECTS = Duration.ofMillis(250);

    private interface Exchange<T> {
        T with(RedisClient redis) throws IOException;
    }

    /**
     * Leaves an address.
     *
     * <p><b>Completion</b>: when the server has it. <b>Errors</b>: {@link IOException}, {@link TimeoutException} when patience ends.
     */
    Mono<Void> publish(String address) {
        return exchange(redis -> {
                    switch (manner) {
                        case LIST -> {
                            redis.run("DEL", key); // what an earlier run has left, perhaps of another type
                            redis.run("RPUSH", key, address);
                        }
                        case VALUE -> redis.run("SET", key, address);
                    }
                    return Optional.of(address);
                })
                .then();
    }

    /**
     * Waits for the address.
     *
     * <p><b>Errors</b>: {@link IOException}, {@link TimeoutException} when patience ends. <b>Cancellation</b>: stops waiting.
     */
    Mono<String> find() {
        return exchange(redis -> switch (manner) {
            case LIST -> popped(redis.run(SERVER_WAITS, "BLPOP", key, Long.toString(SERVER_WAITS.toSeconds())));
            case VALUE -> text(redis.run("GET", key));
        });
    }

    private static Optional<String> popped(RespReply reply) throws IOException {
        // the key, and the element
        return reply instanceof RespReply.Items items && items.elements().size() == 2
                ? text(items.elements().get(1))
                : text(reply);
    }

    private static Optional<String> text(RespReply reply) throws IOException {
        if (reply instanceof RespReply.Text text) {
            return Optional.of(text.value());
        }
        if (reply == RespReply.Nothing.NOTHING) {
            return Optional.empty();
        }
        throw new IOException("Redis has something else than an address: " + reply);
    }

    /** Repeats the exchange until something comes of it. */
    private Mono<String> exchange(Exchange<Optional<String>> exchange) {
        return Mono.using(() -> RedisClient.connect(server), redis -> untilPresent(redis, exchange), Rendezvous::close)
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, BETWEEN_CONNECTS)
                        .filter(Rendezvous::mayStillBeStarting)
                        .scheduler(Schedulers.boundedElastic()))
                .subscribeOn(Schedulers.boundedElastic())
                .timeout(patience);
    }

    private Mono<String> untilPresent(RedisClient redis, Exchange<Optional<String>> exchange) {
        return Mono.fromCallable(() -> {
                    try {
                        return exchange.with(redis).orElse(null);
                    } catch (IOException failure) {
                        if (redis.isClosed()) {
                            return null; // by a cancellation: nobody waits for an error
                        }
                        throw failure;
                    }
                })
                .repeatWhenEmpty(this::pause);
    }

    private Flux<Long> pause(Flux<Long> empty) {
        return switch (manner) {
            case LIST -> empty.publishOn(Schedulers.boundedElastic()); // the server has waited
            case VALUE -> empty.delayElements(BETWEEN_LOOKS, Schedulers.boundedElastic());
        };
    }

    private static boolean mayStillBeStarting(Throwable failure) {
        return failure instanceof ConnectException || failure instanceof UnknownHostException;
    }

    private static void close(RedisClient redis) {
        try {
            redis.close();
        } catch (IOException gone) {
            // which was wanted
        }
    }
}
