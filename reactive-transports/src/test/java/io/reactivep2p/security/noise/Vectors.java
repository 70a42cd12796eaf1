package io.reactivep2p.security.noise;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** The published and computed examples under {@code /vectors}. */
final class Vectors {

    private Vectors() {}

    static List<JsonNode> load(String name) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + name)) {
            JsonNode root = new ObjectMapper().readTree(Objects.requireNonNull(in, name));
            return StreamSupport.stream(root.get("vectors").spliterator(), false)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] hex(JsonNode parent, String field) {
        return HexFormat.of().parseHex(parent.get(field).asText());
    }

    static byte[] hex(JsonNode node) {
        return HexFormat.of().parseHex(node.asText());
    }
}
