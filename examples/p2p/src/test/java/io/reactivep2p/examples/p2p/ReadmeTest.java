package io.reactivep2p.examples.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    /** Surefire and IDEs run tests in the module's directory. */
    private static final Path README = Path.of("../../README.md");

    private static final Path SOURCE = Path.of("src/main/java/io/reactivep2p/examples/p2p/Quickstart.java");

    @Test
    void programOfTheReadmeIsTheOneThatCompiles() throws IOException {
        String readme = between(Files.readString(README), "```java\n", "```");
        String source = between(Files.readString(SOURCE), "// readme:begin\n", "        // readme:end");

        assertThat(readme).isEqualTo(source.indent(-8));
    }

    @Test
    void programOfTheReadmePrintsWhatItSent() {
        List<String> shown = new ArrayList<>();

        Quickstart.run(shown::add);

        assertThat(shown).containsExactly("hello", "world");
    }

    private static String between(String text, String begin, String end) {
        assertThat(text).containsOnlyOnce(begin);
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }
}
