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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
                    Map.entry(
                            "cli",
                            List.of(
                                    "bytes",
                                    "config",
                                    "config.reader",
                                    "control.client",
                                    "control.protocol",
                                    "importing",
                                    "importing.draft")),
                    Map.entry("config", List.of("bytes")),
                    Map.entry("config.reader", List.of("bytes", "config")),
                    Map.entry("control.client", List.of("control.protocol")),
                    Map.entry("control.protocol", List.of("bytes")),
                    Map.entry(
                            "control.server",
                            List.of(
                                    "config",
                                    "control.protocol",
                                    "control.server.calls",
                                    "control.server.connections",
                                    "control.server.replies")),
                    Map.entry(
                            "control.server.calls",
                            List.of(
                                    "config",
                                    "control.protocol",
                                    "control.server.replies",
                                    "events",
                                    "lifecycle",
                                    "reload",
                                    "status",
                                    "supervise.port")),
                    Map.entry(
                            "control.server.connections",
                            List.of(
                                    "control.protocol",
                                    "control.server.calls",
                                    "control.server.replies")),
                    Map.entry(
                            "control.server.replies",
                            List.of(
                                    "config",
                                    "control.protocol",
                                    "events",
                                    "lifecycle",
                                    "status",
                                    "supervise.port")),
                    Map.entry("events", List.of("config", "lifecycle", "status", "supervise.port")),
                    Map.entry("fastcgi", List.of()),
                    Map.entry(
                            "hooks",
                            List.of("config", "events", "lifecycle", "status", "supervise.port")),
                    Map.entry(
                            "importing",
                            List.of(
                                    "config",
                                    "config.reader",
                                    "importing.draft",
                                    "importing.procfile",
                                    "importing.supervisord",
                                    "importing.systemd")),
                    Map.entry("importing.draft", List.of("config", "config.reader")),
                    Map.entry("importing.procfile", List.of("importing.draft")),
                    Map.entry("importing.supervisord", List.of("config.reader", "importing.draft")),
                    Map.entry(
                            "importing.systemd",
                            List.of("config", "config.reader", "importing.draft")),
                    Map.entry(
                            "journal",
                            List.of("bytes", "config", "lifecycle", "posix", "supervise.port")),
                    Map.entry(
                            "launch",
                            List.of(
                                    "bytes",
                                    "config",
                                    "launch.plan",
                                    "lifecycle",
                                    "output",
                                    "posix",
                                    "supervise.port")),
                    Map.entry(
                            "launch.plan",
                            List.of(
                                    "bytes",
                                    "config",
                                    "config.reader",
                                    "lifecycle",
                                    "posix",
                                    "supervise.port")),
                    Map.entry("lifecycle", List.of("config")),
                    Map.entry("output", List.of("bytes", "config", "output.log", "posix")),
                    Map.entry("output.log", List.of("bytes", "config", "posix")),
                    Map.entry(
                            "pair",
                            List.of(
                                    "bytes",
                                    "cli",
                                    "config",
                                    "config.reader",
                                    "control.protocol",
                                    "control.server",
                                    "control.server.calls",
                                    "events",
                                    "journal",
                                    "launch",
                                    "lifecycle",
                                    "output",
                                    "posix",
                                    "status",
                                    "supervise",
                                    "supervise.port")),
                    Map.entry("posix", List.of("bytes")),
                    Map.entry(
                            "readiness",
                            List.of(
                                    "config",
                                    "lifecycle",
                                    "output",
                                    "output.log",
                                    "posix",
                                    "readiness.notify",
                                    "readiness.probe",
                                    "status",
                                    "supervise.port")),
                    Map.entry(
                            "readiness.notify",
                            List.of("bytes", "lifecycle", "posix", "supervise.port")),
                    Map.entry(
                            "readiness.probe",
                            List.of("config", "lifecycle", "posix", "supervise.port")),
                    Map.entry("reload", List.of("config")),
                    Map.entry("status", List.of("config", "lifecycle")),
                    Map.entry(
                            "supervise",
                            List.of("config", "lifecycle", "reload", "status", "supervise.port")),
                    Map.entry("supervise.port", List.of("config", "lifecycle", "reload", "status")),
                    Map.entry("trigger.schedule", List.of("config", "status", "supervise.port")),
                    Map.entry(
                            "trigger.watch",
                            List.of("bytes", "config", "lifecycle", "posix", "supervise.port")),
                    Map.entry(
                            "usage",
                            List.of("config", "lifecycle", "posix", "status", "supervise.port")),
                    Map.entry(
                            "web",
                            List.of("bytes", "control.client", "control.protocol", "fastcgi")));

    /** Names that no newcomer can guess a meaning from, or that mean anything. */
    private static final Set<String> UNTELLING_NAMES =
            Set.of(
                    "Ward",
                    "Guise",
                    "Leisure",
                    "Estate",
                    "Pursuit",
                    "Course",
                    "Teller",
                    "Given",
                    "Bench",
                    "Peek",
                    "Cut",
                    "Vigil",
                    "Sentry",
                    "Standing",
                    "Patience",
                    "Presence",
                    "Kinship",
                    "Past",
                    "Beginning",
                    "Keeping",
                    "Afterwards",
                    "Office",
                    "Mood",
                    "Manager",
                    "Util",
                    "Impl",
                    "Data",
                    "Info");

    /** Packages in which each file stands for itself: values, readers of keys, system calls. */
    private static final Set<String> PLAIN_LISTS = Set.of("config", "config.reader", "posix");

    private static final int MOST_FILES = 27;

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
    void noTypeNameStandsTwice() throws IOException {
        Map<String, List<Path>> files = new TreeMap<>();
        for (Path file : sources()) {
            files.computeIfAbsent(file.getFileName().toString(), _ -> new ArrayList<>()).add(file);
        }
        files.remove("package-info.java");
        assertThat(files).hasSizeGreaterThan(500);
        assertThat(files.values()).filteredOn(all -> all.size() > 1).isEmpty();
    }

    @Test
    void everyTypeNameTells() {
        assertThat(house).filteredOn(c -> UNTELLING_NAMES.contains(c.getSimpleName())).isEmpty();
    }

    @Test
    void aPackageHasNoMoreFilesThanCanBeSeenAtOnce() throws IOException {
        Map<String, Integer> files = new TreeMap<>();
        for (Path file : sources()) {
            if (file.startsWith("src/main") && !file.endsWith("package-info.java")) {
                Path folder = Path.of("src/main/java/org/procmon").relativize(file.getParent());
                files.merge(folder.toString().replace('/', '.'), 1, Integer::sum);
            }
        }
        assertThat(files.keySet()).containsAll(PLAIN_LISTS);
        files.keySet().removeAll(PLAIN_LISTS);
        assertThat(files).allSatisfy((_, count) -> assertThat(count).isBetween(1, MOST_FILES));
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("src"))) {
            return all.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    @Test
    void noTwoPackagesUseEachOther() {
        slices().matching("org.procmon.(**)").should().beFreeOfCycles().check(house);
    }
}
