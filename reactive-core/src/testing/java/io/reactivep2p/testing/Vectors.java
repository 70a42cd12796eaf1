package io.reactivep2p.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** The test vectors under {@code src/test/resources/vectors}. */
public final class Vectors {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Vectors() {}

    /** Every vector of the file, in its order; an absent or empty file is an error, never an empty test. */
    public static List<JsonNode> load(String file) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + file)) {
            if (in == null) {
                throw new IllegalArgumentException("no vector file " + file);
            }
            List<JsonNode> vectors = new ArrayList<>();
            MAPPER.readTree(in).path("vectors").forEach(vectors::add);
            if (vectors.isEmpty()) {
                throw new IllegalArgumentException("no vectors in " + file);
            }
            return List.copyOf(vectors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One dynamic test per vector of the file, named after the vector's id, and one that counts them. */
    public static Stream<DynamicTest> tests(String file, Consumer<JsonNode> test) {
        List<JsonNode> vectors = load(file);
        AtomicInteger run = new AtomicInteger();
        Stream<DynamicTest> tests = vectors.stream()
                .map(vector -> DynamicTest.dynamicTest(vector.path("id").asText(), () -> {
                    run.incrementAndGet();
                    test.accept(vector);
                }));
        DynamicTest count =
                DynamicTest.dynamicTest("all " + vectors.size() + " vectors of " + file + " ran", () -> assertThat(run)
                        .hasValue(vectors.size()));
        return Stream.concat(tests, Stream.of(count));
    }

    /** The bytes that {@code vector}'s hexadecimal {@code field} stands for. */
    public static byte[] bytes(JsonNode vector, String field) {
        JsonNode value = vector.get(field);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException(vector.path("id").asText() + " has no text field " + field);
        }
        return HexFormat.of().parseHex(value.asText());
    }
}
