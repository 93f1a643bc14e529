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
                                    "cli.completion",
                                    "cli.console",
                                    "cli.exec",
                                    "cli.graph",
                                    "cli.logs",
                                    "cli.progress",
                                    "cli.project",
                                    "cli.serve",
                                    "cli.table",
                                    "cli.words",
                                    "config",
                                    "config.folder",
                                    "config.reader",
                                    "control.client",
                                    "control.protocol",
                                    "importing",
                                    "importing.draft",
                                    "log",
                                    "status.fields")),
                    Map.entry(
                            "config",
                            List.of("bytes", "config.folder", "config.http", "config.pool")),
                    Map.entry("cli.console", List.of("bytes", "config", "control.client", "posix")),
                    Map.entry("cli.completion", List.of()),
                    Map.entry(
                            "cli.exec",
                            List.of("bytes", "cli.console", "config", "config.reader", "launch")),
                    Map.entry("cli.graph", List.of("cli.console", "status.fields")),
                    Map.entry(
                            "cli.logs",
                            List.of(
                                    "bytes",
                                    "cli.console",
                                    "config",
                                    "control.client",
                                    "control.protocol",
                                    "status.fields")),
                    Map.entry(
                            "cli.progress",
                            List.of("bytes", "cli.console", "control.client", "status.fields")),
                    Map.entry("cli.project", List.of("bytes", "config", "config.reader")),
                    Map.entry(
                            "cli.table",
                            List.of(
                                    "bytes",
                                    "cli.console",
                                    "config.reader",
                                    "control.client",
                                    "control.protocol",
                                    "status.fields")),
                    Map.entry("cli.serve", List.of("bytes")),
                    Map.entry("cli.words", List.of("bytes", "control.protocol")),
                    Map.entry("config.check", List.of("config", "config.http", "config.pool")),
                    Map.entry("config.folder", List.of("bytes")),
                    Map.entry("config.http", List.of("config.pool")),
                    Map.entry("config.pool", List.of("bytes")),
                    Map.entry(
                            "config.reader",
                            List.of(
                                    "bytes",
                                    "config",
                                    "config.folder",
                                    "config.http",
                                    "config.pool",
                                    "http")),
                    Map.entry("control.client", List.of("control.protocol", "status.fields")),
                    Map.entry("control.protocol", List.of("bytes", "status.fields")),
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
                                    "config.folder",
                                    "control.protocol",
                                    "control.server.replies",
                                    "events",
                                    "lifecycle",
                                    "reload.plan",
                                    "status",
                                    "status.fields",
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
                                    "bytes",
                                    "config",
                                    "config.pool",
                                    "control.protocol",
                                    "events",
                                    "lifecycle",
                                    "status",
                                    "status.fields",
                                    "supervise.port")),
                    Map.entry(
                            "events",
                            List.of(
                                    "config",
                                    "lifecycle",
                                    "log",
                                    "status",
                                    "supervise.feature",
                                    "supervise.port")),
                    Map.entry("fastcgi", List.of("fastcgi.wire", "http")),
                    Map.entry("fastcgi.client", List.of("bytes", "fastcgi.wire", "http")),
                    Map.entry("fastcgi.wire", List.of("http")),
                    Map.entry(
                            "fcgiproc",
                            List.of(
                                    "bytes",
                                    "control.client",
                                    "control.protocol",
                                    "fastcgi",
                                    "http",
                                    "listen",
                                    "log",
                                    "web")),
                    Map.entry(
                            "follow",
                            List.of(
                                    "bytes",
                                    "config",
                                    "lifecycle",
                                    "posix",
                                    "reload.plan",
                                    "supervise.feature",
                                    "supervise.port",
                                    "trigger.watch")),
                    Map.entry(
                            "front",
                            List.of(
                                    "bytes",
                                    "fastcgi.client",
                                    "fastcgi.wire",
                                    "front.access",
                                    "front.application",
                                    "front.config",
                                    "front.files",
                                    "front.request",
                                    "front.tls",
                                    "http")),
                    Map.entry(
                            "front.application",
                            List.of(
                                    "bytes",
                                    "fastcgi.client",
                                    "fastcgi.wire",
                                    "front.config",
                                    "front.request",
                                    "http",
                                    "listen",
                                    "posix",
                                    "posix.socket")),
                    Map.entry(
                            "front.access",
                            List.of("bytes", "front.config", "front.request", "http")),
                    Map.entry("front.config", List.of("bytes")),
                    Map.entry("front.files", List.of("bytes", "front.config", "front.request")),
                    Map.entry(
                            "front.publish",
                            List.of(
                                    "bytes",
                                    "config",
                                    "config.http",
                                    "config.pool",
                                    "reload.plan",
                                    "supervise.feature")),
                    Map.entry("front.request", List.of("bytes")),
                    Map.entry("front.tls", List.of()),
                    Map.entry(
                            "hooks",
                            List.of(
                                    "config",
                                    "events",
                                    "lifecycle",
                                    "status",
                                    "supervise.feature",
                                    "supervise.port")),
                    Map.entry("http", List.of("bytes")),
                    Map.entry(
                            "httpproc",
                            List.of(
                                    "bytes",
                                    "control.client",
                                    "control.protocol",
                                    "front",
                                    "front.config",
                                    "front.tls",
                                    "http",
                                    "listen",
                                    "log",
                                    "web")),
                    Map.entry(
                            "importing",
                            List.of(
                                    "bytes",
                                    "config",
                                    "config.reader",
                                    "importing.command",
                                    "importing.draft",
                                    "importing.lighttpd",
                                    "importing.monofpm",
                                    "importing.phpfpm",
                                    "importing.procfile",
                                    "importing.supervisord",
                                    "importing.systemd")),
                    Map.entry("importing.command", List.of("importing.draft", "importing.pools")),
                    Map.entry("importing.draft", List.of("config", "config.reader")),
                    Map.entry(
                            "importing.lighttpd",
                            List.of(
                                    "config",
                                    "config.reader",
                                    "importing.draft",
                                    "importing.pools")),
                    Map.entry(
                            "importing.monofpm",
                            List.of("config.reader", "importing.draft", "importing.pools")),
                    Map.entry(
                            "importing.phpfpm",
                            List.of("config.reader", "importing.draft", "importing.pools")),
                    Map.entry(
                            "importing.pools",
                            List.of("config", "config.reader", "importing.draft")),
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
                                    "supervise.feature",
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
                    Map.entry("listen", List.of("bytes")),
                    Map.entry("log", List.of()),
                    Map.entry(
                            "output",
                            List.of(
                                    "bytes",
                                    "config",
                                    "output.log",
                                    "posix",
                                    "reload.plan",
                                    "supervise.feature")),
                    Map.entry("output.log", List.of("bytes", "config", "posix")),
                    Map.entry(
                            "pair",
                            List.of(
                                    "bytes",
                                    "cli",
                                    "config",
                                    "config.pool",
                                    "config.reader",
                                    "control.protocol",
                                    "control.server",
                                    "control.server.calls",
                                    "events",
                                    "journal",
                                    "launch",
                                    "lifecycle",
                                    "log",
                                    "output",
                                    "posix",
                                    "posix.socket",
                                    "reload",
                                    "reload.plan",
                                    "status",
                                    "supervise",
                                    "supervise.feature",
                                    "supervise.port",
                                    "systemd")),
                    Map.entry(
                            "pool",
                            List.of(
                                    "bytes",
                                    "config",
                                    "config.pool",
                                    "lifecycle",
                                    "pool.listen",
                                    "pool.plan",
                                    "pool.refuse",
                                    "posix",
                                    "posix.socket",
                                    "reload.plan",
                                    "status",
                                    "supervise.feature",
                                    "supervise.port")),
                    Map.entry(
                            "pool.listen",
                            List.of("bytes", "config", "config.pool", "posix", "posix.socket")),
                    Map.entry("pool.plan", List.of("config", "config.pool", "lifecycle")),
                    Map.entry(
                            "pool.refuse",
                            List.of("fastcgi.wire", "lifecycle", "posix", "posix.socket")),
                    Map.entry("posix", List.of("bytes")),
                    Map.entry("posix.socket", List.of("bytes", "posix")),
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
                                    "supervise.feature",
                                    "supervise.port")),
                    Map.entry(
                            "readiness.notify",
                            List.of("bytes", "lifecycle", "posix", "supervise.port")),
                    Map.entry(
                            "readiness.probe",
                            List.of("config", "lifecycle", "posix", "supervise.port")),
                    Map.entry(
                            "reload",
                            List.of(
                                    "config",
                                    "config.folder",
                                    "events",
                                    "reload.plan",
                                    "status",
                                    "supervise.feature",
                                    "supervise.port")),
                    Map.entry("reload.plan", List.of("config", "config.pool")),
                    Map.entry("status", List.of("config", "config.pool", "lifecycle")),
                    Map.entry("status.fields", List.of("bytes")),
                    Map.entry(
                            "supervise",
                            List.of(
                                    "config",
                                    "config.pool",
                                    "lifecycle",
                                    "reload.plan",
                                    "status",
                                    "supervise.feature",
                                    "supervise.port")),
                    Map.entry(
                            "supervise.feature",
                            List.of(
                                    "config",
                                    "lifecycle",
                                    "reload.plan",
                                    "status",
                                    "supervise.port")),
                    Map.entry(
                            "supervise.port",
                            List.of(
                                    "config",
                                    "config.folder",
                                    "lifecycle",
                                    "reload.plan",
                                    "status")),
                    Map.entry(
                            "systemd",
                            List.of(
                                    "config",
                                    "lifecycle",
                                    "posix",
                                    "reload",
                                    "status",
                                    "supervise.port")),
                    Map.entry(
                            "trigger.schedule",
                            List.of(
                                    "config",
                                    "lifecycle",
                                    "reload.plan",
                                    "status",
                                    "supervise.feature",
                                    "supervise.port")),
                    Map.entry(
                            "trigger.watch",
                            List.of(
                                    "bytes",
                                    "config",
                                    "lifecycle",
                                    "posix",
                                    "reload.plan",
                                    "supervise.feature",
                                    "supervise.port")),
                    Map.entry(
                            "usage",
                            List.of(
                                    "config",
                                    "lifecycle",
                                    "posix",
                                    "status",
                                    "supervise.feature",
                                    "supervise.port")),
                    Map.entry(
                            "web",
                            List.of(
                                    "bytes",
                                    "control.client",
                                    "control.protocol",
                                    "http",
                                    "status.fields")));

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
    void usesOnlyAllowedPackages(String name) {
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
                .resideOutsideOfPackages(ROOT + "posix", ROOT + "posix.socket")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName(ROOT + "posix.Native")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName(ROOT + "posix.ProcFile")
                .check(house);
    }

    @Test
    void httpHandlersKnowNoTransport() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + "http", ROOT + "web")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.nio.channels..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(java.net.Socket.class, java.net.ServerSocket.class)
                .check(house);
    }

    @Test
    void onlyTheFrontLoadsJettyAndDatabind() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        ROOT + "front",
                        ROOT + "front.access",
                        ROOT + "front.application",
                        ROOT + "front.config",
                        ROOT + "front.files",
                        ROOT + "front.request")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.eclipse.jetty..", "tools.jackson.databind..")
                .check(house);
    }

    @Test
    void theCoreIsPure() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + "lifecycle", ROOT + "pool.plan")
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
    void noCodeUsesProcessBuilder() {
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
    void typeNamesAreNotOnTheStopList() {
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
