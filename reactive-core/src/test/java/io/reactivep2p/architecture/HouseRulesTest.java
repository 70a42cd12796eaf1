package io.reactivep2p.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shows each rule failing on a class that breaks it; a rule that cannot fail proves nothing. */
class HouseRulesTest {

    private static final String FIXTURE = "io.reactivep2p.archfixture";
    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages(FIXTURE);
    private static final LayerRules LAYERS = new LayerRules(FIXTURE);

    @Test
    void cyclesAreFound() {
        assertThat(broken(LAYERS.noCycles())).singleElement().asString().contains("cycle.one", "cycle.two");
    }

    @Test
    void lowerLayersDoNotClimb() {
        assertThat(brokenLayer(".multiformats")).singleElement().asString().contains("ClimbingValue");
    }

    @Test
    void everyLayerHasARule() {
        assertThat(LAYERS.all().keySet().stream().filter(name -> name.endsWith("imports nothing above itself")))
                .hasSize(13);
    }

    @Test
    void implementationsAreNamedByAssembliesOnly() {
        ArchRule rule = LAYERS.all().get(".transport.tcp is imported only by assemblies");
        assertThat(broken(rule))
                .singleElement()
                .asString()
                .contains("HostThatNamesTcp")
                .doesNotContain("SomeStack");
    }

    @Test
    void protocolsDoNotReachBelowTheHost() {
        assertThat(broken(LAYERS.servicesSeeHosts())).singleElement().asString().contains("SomeSwarm");
        assertThat(broken(LAYERS.onlyTheRelayUpgrades()))
                .singleElement()
                .asString()
                .contains("SomeUpgrader");
    }

    @Test
    void protocolsDoNotKnowEachOther() {
        assertThat(broken(LAYERS.protocolsApart())).singleElement().asString().contains("Two", "One");
    }

    @Test
    void channelsDoNotLeaveTheDataPath() {
        assertThat(broken(LAYERS.channelsInDataPath()))
                .singleElement()
                .asString()
                .contains("HostThatNamesTcp");
    }

    @Test
    void sansIoClassesDoNotWait() {
        assertThat(broken(StyleRules.sansIoNeverWaits()))
                .anyMatch(text -> text.contains("SubscribingSession"))
                .anyMatch(text -> text.contains("LockingSession$Nested"))
                .noneMatch(text -> text.contains("SeededSession"));
    }

    @Test
    void sansIoClassesDoNotReadClocks() {
        assertThat(broken(StyleRules.sansIoIsToldTheTime()))
                .hasSize(2)
                .anyMatch(text -> text.contains("ClockReadingSession"))
                .anyMatch(text -> text.contains("InstantReadingSession"));
    }

    @Test
    void sansIoClassesDoNotThrowDice() {
        assertThat(broken(StyleRules.sansIoIsGivenRandomness()))
                .hasSize(2)
                .allMatch(text -> text.contains("DiceThrowingSession"));
    }

    @Test
    void blockingIsFound() {
        assertThat(broken(StyleRules.noBlocking()))
                .hasSize(4)
                .anyMatch(text -> text.contains("SleepingClass.nap"))
                .anyMatch(text -> text.contains("WaitingClass.one"))
                .anyMatch(text -> text.contains("WaitingClass.last"))
                .anyMatch(text -> text.contains("WaitingClass.joined"));
    }

    @Test
    void printingIsFound() {
        assertThat(broken(StyleRules.noPrinting()))
                .hasSize(2)
                .anyMatch(text -> text.contains("PrintingClass.say"))
                .anyMatch(text -> text.contains("PrintingClass.complain"));
    }

    @Test
    void threadsAreFound() {
        assertThat(broken(StyleRules.noThreads())).singleElement().asString().contains("ThreadStartingClass");
    }

    @Test
    void namesThatSayNothingAreFound() {
        assertThat(broken(StyleRules.plainNames()))
                .anyMatch(text -> text.contains("DialerImpl>"))
                .anyMatch(text -> text.contains("DialerImpl$StreamManager>"))
                .anyMatch(text -> text.contains("DialerImpl$Stream>"))
                .noneMatch(text -> text.contains("ConnectionManager>"));
    }

    @Test
    void leftoverPackagesAreFound() {
        assertThat(broken(StyleRules.noLeftoverPackages()))
                .singleElement()
                .asString()
                .contains("Leftover");
    }

    @Test
    void longFilesAreFound(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve("Long.java"), Collections.nCopies(SourceRules.MAX_LINES + 1, "//"));
        Files.write(folder.resolve("Fits.java"), Collections.nCopies(SourceRules.MAX_LINES, "//"));
        assertThat(SourceRules.longFiles(folder)).singleElement().asString().contains("501 lines", "Long.java");
    }

    @Test
    void missingFrontDoorsAreFound(@TempDir Path folder) throws IOException {
        Path bare = Files.createDirectory(folder.resolve("bare"));
        Path marked = Files.createDirectory(folder.resolve("marked"));
        Files.writeString(bare.resolve("A.java"), "class A {}");
        Files.writeString(marked.resolve("package-info.java"), "/** What it is. */\n@NullMarked\npackage marked;\n");
        assertThat(SourceRules.packagesWithoutFrontDoor(folder))
                .singleElement()
                .asString()
                .contains("bare");
    }

    private static List<String> brokenLayer(String name) {
        Map<String, ArchRule> rules = LAYERS.all();
        return broken(rules.get("[" + name + "] imports nothing above itself"));
    }

    private static List<String> broken(ArchRule rule) {
        return rule.evaluate(CLASSES).getFailureReport().getDetails();
    }
}
