package org.procmon;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The package rules of docs/architecture.md. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HouseTest {
    private static final String ROOT = "org.procmon.";

    /** Each package and what of procmon it may use, beside itself. */
    private static final Map<String, List<String>> MAY_USE =
            Map.ofEntries(
                    Map.entry("bytes", List.of()),
                    Map.entry("spec", List.of("bytes")),
                    Map.entry("importing", List.of("spec", "bytes")),
                    Map.entry("lifecycle", List.of("spec")),
                    Map.entry("posix", List.of("bytes")),
                    Map.entry("supervise", List.of("spec", "lifecycle")),
                    Map.entry("output", List.of("spec", "posix", "bytes")),
                    Map.entry(
                            "launch",
                            List.of("supervise", "spec", "lifecycle", "posix", "output", "bytes")),
                    Map.entry(
                            "readiness",
                            List.of("supervise", "spec", "lifecycle", "posix", "output", "bytes")),
                    Map.entry("schedule", List.of("spec", "supervise")),
                    Map.entry("memory", List.of("posix", "spec", "lifecycle", "supervise")),
                    Map.entry("watch", List.of("spec", "supervise", "lifecycle", "posix", "bytes")),
                    Map.entry(
                            "journal", List.of("supervise", "spec", "lifecycle", "posix", "bytes")),
                    Map.entry("chronicle", List.of("supervise", "spec", "lifecycle")),
                    Map.entry("hooks", List.of("supervise", "spec", "lifecycle", "chronicle")),
                    Map.entry("control.protocol", List.of("bytes")),
                    Map.entry(
                            "control.server",
                            List.of(
                                    "supervise",
                                    "spec",
                                    "lifecycle",
                                    "chronicle",
                                    "control.protocol")),
                    Map.entry("control.client", List.of("control.protocol")),
                    Map.entry("fastcgi", List.of()),
                    Map.entry(
                            "web",
                            List.of("fastcgi", "control.client", "control.protocol", "bytes")),
                    Map.entry(
                            "cli",
                            List.of(
                                    "control.client",
                                    "control.protocol",
                                    "spec",
                                    "importing",
                                    "bytes")));

    private JavaClasses house = new ClassFileImporter().importClasses(List.of());

    @BeforeAll
    void readTheHouse() {
        house =
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("org.procmon");
    }

    static Stream<String> packages() {
        return MAY_USE.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageUsesOnlyWhatItMay(String name) {
        List<String> allowed = new ArrayList<>(MAY_USE.getOrDefault(name, List.of()));
        allowed.add(name);
        String[] names = allowed.stream().map(p -> ROOT + p).toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(ROOT + name)
                .should()
                .onlyDependOnClassesThat(
                        JavaClass.Predicates.resideOutsideOfPackage("org.procmon..")
                                .or(JavaClass.Predicates.resideInAnyPackage(names)))
                .allowEmptyShould(true)
                .check(house);
    }

    @Test
    void everyPackageHasItsRule() {
        assertThat(house)
                .extracting(c -> c.getPackageName().substring(ROOT.length()))
                .allMatch(p -> p.equals("app") || MAY_USE.containsKey(p));
    }

    @Test
    void onlyPosixCallsTheKernel() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "posix")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign")
                .check(house);
    }

    @Test
    void theCoreIsPure() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "lifecycle")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.io..", "java.nio..", "java.net..", "org.slf4j..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, System.class, java.time.Clock.class)
                .allowEmptyShould(true)
                .check(house);
    }

    @Test
    void nobodyStartsProcessesBehindTheReapersBack() {
        noClasses().should().dependOnClassesThat().belongToAnyOf(ProcessBuilder.class).check(house);
    }

    /** What fails in a pool is kept in a future, of which perhaps nobody asks. */
    @Test
    void aTaskThatFailsIsNotForgottenInAPool() {
        noClasses()
                .should()
                .callMethodWhere(
                        target(owner(type(CompletableFuture.class)))
                                .and(target(nameMatching("(supply|run)Async"))))
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(ForkJoinPool.class)
                .check(house);
    }

    /** So that whatever a thread of the monitor fails of ends the process. */
    @Test
    void theMonitorHasOneHandlerOfLastResort() {
        classes()
                .that()
                .haveSimpleName("ProcmonMain")
                .should()
                .dependOnClassesThat()
                .haveSimpleName("FatalExceptionHandler")
                .check(house);
        noClasses()
                .that()
                .doNotHaveSimpleName("FatalExceptionHandler")
                .should()
                .callMethod(
                        Thread.class,
                        "setDefaultUncaughtExceptionHandler",
                        Thread.UncaughtExceptionHandler.class)
                .check(house);
    }

    @Test
    void noTwoPackagesUseEachOther() {
        slices().matching("org.procmon.(**)").should().beFreeOfCycles().check(house);
    }
}
