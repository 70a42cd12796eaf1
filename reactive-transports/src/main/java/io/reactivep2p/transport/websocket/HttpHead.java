package io.reactivep2p.transport.websocket;

import java.util.List;

/**
 * The head of an HTTP/1.1 message.
 *
 * @param start the request or status line
 * @param fields in the order of their arrival
 */
record HttpHead(String start, List<Field> fields) {

    /** @param value without white space around it */
    record Field(String name, String value) {}

    /** The values of all fields of that name, whatever its case. */
    List<String> values(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    boolean has(String name) {
        return !values(name).isEmpty();
    }

    /** Whether a field that is a list has this element, whatever its case: {@code Connection: keep-alive, Upgrade}. */
    boolean lists(String name, String element) {
        for (String value : values(name)) {
            for (String listed : value.split(",", -1)) {
                if (listed.strip().equalsIgnoreCase(element)) {
                    return true;
                }
            }
        }
        return false;
    }
}
