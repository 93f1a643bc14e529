package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.status.fields.ProcessRow;

/** Whatever has become of the records of a killed monitor, nothing is started a second time. */
@Timeout(300)
class SpoiledRecordsIT extends Pairs {
    /** To perl, a new title takes the room of the arguments and of the variables behind them. */
    private static final String WRITES_OVER_ITS_ENVIRONMENT =
            "$0 = 'x' x 20000; open(F, '>', shift); print F 'up'; close(F); sleep(1000)";

    interface Damage {
        void to(Path state) throws IOException;
    }

    record Case(String name, Damage damage) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> damages() {
        return Stream.of(
                new Case("monitor.json removed", s -> Files.delete(s.resolve("monitor.json"))),
                new Case("monitor.json empty", s -> Files.writeString(monitor(s), "")),
                new Case("another boot id in monitor.json", s -> flip(monitor(s), "\"boot\":\"")),
                new Case("a digit of monitor.json", s -> flip(monitor(s), "\"runs\":")),
                new Case("a record removed", s -> Files.delete(record(s, "web"))),
                new Case("a record cut", s -> cut(record(s, "web"))),
                new Case("another boot id in a record", s -> flip(record(s, "web"), "\"boot\":\"")),
                new Case("another pid in a record", s -> flip(record(s, "web"), "\"pid\":")),
                new Case("a goal in a record", s -> flip(record(s, "web"), "\"goal\":\"U")),
                new Case("all records removed", SpoiledRecordsIT::removeRecords),
                new Case("the journal removed", SpoiledRecordsIT::removeJournal),
                new Case(
                        "the journal and monitor.json removed",
                        s -> {
                            removeJournal(s);
                            Files.delete(monitor(s));
                        }),
                new Case("the configuration removed", s -> Files.delete(configuration(s))),
                new Case("the configuration cut", s -> cut(configuration(s))),
                new Case("the proofs removed", s -> removeAll(s.resolve("started"))));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void oneMonitorAfterAnotherKeepsOneCopy(Case spoiled) throws Exception {
        try (TestMonitor first = start("--no-backup", three())) {
            List<Integer> pids = settled(first);
            first.kill();
            spoiled.damage().to(first.state());
            try (TestMonitor second = start("--no-backup", three())) {
                patiently().untilAsserted(() -> assertThat(settled(second)).isEqualTo(pids));
                assertThat(second.row("web").runcount()).isEqualTo(1);
                assertThat(copies()).isEqualTo(pids);
            }
        }
    }

    /** A backup has read the records before, so there is less to try. */
    static Stream<Case> damagesUnderABackup() {
        Set<String> names =
                Set.of(
                        "monitor.json removed",
                        "a record removed",
                        "another pid in a record",
                        "the journal removed",
                        "the configuration cut");
        return damages().filter(damage -> names.contains(damage.name()));
    }

    @ParameterizedTest
    @MethodSource("damagesUnderABackup")
    void theBackupOfAKilledPrimaryKeepsOneCopy(Case spoiled) throws Exception {
        try (TestMonitor pair = start("-f", three())) {
            List<Integer> pids = settled(pair);
            settledBackup(pair);
            spoiled.damage().to(pair.state());
            int primary = kill(pair, PRIMARY);
            eventually().until(() -> pair.row(PRIMARY).pid() != primary);
            eventually().untilAsserted(() -> assertThat(settled(pair)).isEqualTo(pids));
            assertThat(copies()).isEqualTo(pids);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-backup", "-f"})
    void aRecordThatWasCopiedBackMakesNoSecondCopy(String form) throws Exception {
        try (TestMonitor first = start(form, three())) {
            settled(first);
            Path record = record(first.state(), "web");
            byte[] old = Files.readAllBytes(record);
            first.must("restart", "web");
            List<Integer> pids = settled(first);
            if (form.equals("-f")) {
                settledBackup(first);
            }
            List<Integer> monitors =
                    first.rows().stream()
                            .filter(row -> row.name().startsWith("procmon"))
                            .map(ProcessRow::pid)
                            .toList();
            TestProduct.signal("KILL", monitors);
            patiently().until(() -> monitors.stream().allMatch(Proc::hasEnded));
            Files.write(record, old);
            try (TestMonitor second = start(form, three())) {
                assertThat(second.awaitRun("web", 2).pid()).isEqualTo(pids.getFirst());
                assertThat(copies()).isEqualTo(pids);
                assertThat(second.log()).contains("web runs, but the journal does not list it");
            }
        }
    }

    @Test
    void logsALostDecision() throws Exception {
        try (TestMonitor first = start("--no-backup", three())) {
            settled(first);
            first.must("stop", "web");
            first.kill();
            Files.delete(record(first.state(), "web"));
            try (TestMonitor second = start("--no-backup", three())) {
                assertThat(second.awaitState("web", "running").runcount()).isEqualTo(2);
                assertThat(second.log())
                        .contains(
                                "web record is missing or old record=gone effect=\"if an operator"
                                        + " stopped or deleted it, that is lost\"");
            }
        }
    }

    @Test
    void programsWithoutTheirVariablesAreFoundByTheirOutput() throws Exception {
        Path up = folder.resolve("over.up");
        String configuration =
                Config.of(
                        Config.program("bare", "env -i sleep 1000", Config.KEPT),
                        Config.program(
                                "over",
                                "perl -e \"" + WRITES_OVER_ITS_ENVIRONMENT + "\" " + up,
                                Config.KEPT));
        try (TestMonitor first = start("--no-backup", configuration)) {
            int bare = first.awaitRun("bare", 1).pid();
            int over = first.awaitRun("over", 1).pid();
            patiently().until(() -> Files.exists(up) && Files.size(up) > 0);
            for (int pid : List.of(bare, over)) {
                patiently()
                        .until(() ->
                                Proc.environment(pid).stream()
                                        .noneMatch(line -> line.startsWith("PROCMON_")));
            }
            first.kill();
            removeJournal(first.state());
            try (TestMonitor second = start("--no-backup", configuration)) {
                assertThat(second.row("bare").pid()).isEqualTo(bare);
                assertThat(second.row("over").pid()).isEqualTo(over);
                assertThat(second.row("over").runcount()).isEqualTo(1);
            }
            patiently().until(() -> Proc.hasEnded(bare) && Proc.hasEnded(over));
        }
    }

    @Test
    void variablesOfAnotherUserDoNotProveARun() throws Exception {
        Process forger =
                new ProcessBuilder(
                                "setpriv",
                                "--reuid=54321",
                                "--regid=54321",
                                "--clear-groups",
                                "setsid",
                                "env",
                                "PROCMON_ID=web",
                                "PROCMON_RUN=7",
                                "PROCMON_STATE_DIR=" + folder.resolve("state"),
                                "sleep",
                                "1000")
                        .start();
        try (TestMonitor monitor = start("--no-backup", web())) {
            assertThat(monitor.state()).isEqualTo(folder.resolve("state"));
            assertThat(monitor.awaitRun("web", 1).pid()).isNotEqualTo((int) forger.pid());
            assertThat(monitor.log()).contains("web has an unverified run, ignoring it");
            forger.destroyForcibly().waitFor();
        } finally {
            forger.destroyForcibly();
        }
    }

    private String three() {
        return Config.of(
                Config.program("web", "sleep 1000", Config.KEPT),
                Config.program("db", "sleep 1001", Config.KEPT),
                Config.program("off", "sleep 1002", "'skip': true"));
    }

    private static List<Integer> settled(TestMonitor monitor) throws Exception {
        return List.of(
                monitor.awaitState("web", "running").pid(),
                monitor.awaitState("db", "running").pid());
    }

    /** The pids of all that runs of the two programs, in their order. */
    private List<Integer> copies() {
        String state = "PROCMON_STATE_DIR=" + folder.resolve("state");
        return Stream.of("web", "db")
                .flatMap(name ->
                        Proc.having("PROCMON_ID=" + name).stream()
                                .filter(pid -> Proc.environment(pid).contains(state))
                                .filter(pid -> !Proc.hasEnded(pid)))
                .toList();
    }

    private static Path monitor(Path state) {
        return state.resolve("monitor.json");
    }

    private static Path configuration(Path state) {
        return state.resolve("configuration");
    }

    private static Path record(Path state, String name) {
        return state.resolve("journal").resolve(name + ".json");
    }

    private static void cut(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    }

    /** Changes the character behind a text by one. */
    private static void flip(Path file, String before) throws IOException {
        String text = Files.readString(file);
        int at = text.indexOf(before) + before.length();
        char other = text.charAt(at) == '1' ? '2' : '1';
        Files.writeString(file, text.substring(0, at) + other + text.substring(at + 1));
    }

    private static void removeRecords(Path state) throws IOException {
        for (String name : List.of("web", "db", "off")) {
            Files.deleteIfExists(record(state, name));
        }
    }

    private static void removeJournal(Path state) throws IOException {
        removeAll(state.resolve("journal"));
    }

    private static void removeAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
