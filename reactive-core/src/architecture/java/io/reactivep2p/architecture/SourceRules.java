package io.reactivep2p.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What only the source files show. Each rule returns its violations. */
public final class SourceRules {

    public static final int MAX_LINES = 500;

    private SourceRules() {}

    /** Files so long that nobody reads them. */
    public static List<String> longFiles(Path sources) {
        return javaFiles(sources)
                .map(file -> lines(file).size() + " lines: " + file)
                .filter(text -> Integer.parseInt(text.substring(0, text.indexOf(' '))) > MAX_LINES)
                .toList();
    }

    /** Packages without a front door: a package-info that says what they are and that they are null-marked. */
    public static List<String> packagesWithoutFrontDoor(Path sources) {
        List<String> missing = new ArrayList<>();
        javaFiles(sources).map(Path::getParent).distinct().forEach(folder -> {
            Path info = folder.resolve("package-info.java");
            List<String> text = Files.exists(info) ? lines(info) : List.of();
            boolean marked = text.contains("@NullMarked");
            boolean described = text.stream().anyMatch(line -> line.startsWith("/**"));
            if (!marked || !described) {
                missing.add(folder + ": a package-info.java with Javadoc and @NullMarked");
            }
        });
        return missing;
    }

    private static Stream<Path> javaFiles(Path sources) {
        if (!Files.isDirectory(sources)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
