package io.reactivep2p.interop.suite;

import java.util.List;

/** What a Redis server answers, in version 2 of its protocol. */
sealed interface RespReply {

    /** A simple or a bulk string. */
    record Text(String value) implements RespReply {}

    record Number(long value) implements RespReply {}

    /** The server refused the command. */
    record Refusal(String message) implements RespReply {}

    record Items(List<RespReply> elements) implements RespReply {

        public Items {
            elements = List.copyOf(elements);
        }
    }

    /** The null string and the null array. */
    enum Nothing implements RespReply {
        NOTHING
    }
}
