package io.reactivep2p.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the module whose test implements this to the rules of the house. */
public interface ArchitectureContract {

    Path SOURCES = Path.of("src/main/java");
    Path CLASSES = Path.of("target/classes");

    @TestFactory
    default Stream<DynamicTest> classesKeepTheRules() {
        JavaClasses classes = new ClassFileImporter().importPath(CLASSES);
        Map<String, ArchRule> rules = new LinkedHashMap<>(new LayerRules("io.reactivep2p").all());
        rules.putAll(StyleRules.all());
        return rules.entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey(), () -> rule.getValue().check(classes)));
    }

    @Test
    default void filesAreShortEnoughToRead() {
        assertThat(SourceRules.longFiles(SOURCES)).isEmpty();
    }

    @Test
    default void packagesHaveAFrontDoor() {
        assertThat(SourceRules.packagesWithoutFrontDoor(SOURCES)).isEmpty();
    }
}
