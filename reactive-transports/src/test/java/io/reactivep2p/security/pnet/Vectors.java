package io.reactivep2p.security.pnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The published and computed examples in {@code /vectors/pnet.json}. */
final class Vectors {

    private Vectors() {}

    static Stream<JsonNode> all() {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/pnet.json")) {
            JsonNode root = new ObjectMapper().readTree(Objects.requireNonNull(in));
            return StreamSupport.stream(root.get("vectors").spliterator(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode named(String name) {
        return all().filter(vector -> vector.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The field {@code name} in whichever form the vector has it. */
    static byte[] bytes(JsonNode vector, String name) {
        return vector.has(name + "_hex")
                ? HexFormat.of().parseHex(vector.get(name + "_hex").asText())
                : vector.get(name + (vector.has(name + "_text") ? "_text" : "_utf8"))
                        .asText()
                        .getBytes(StandardCharsets.UTF_8);
    }
}
