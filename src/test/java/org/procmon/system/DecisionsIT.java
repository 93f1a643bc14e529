package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.status.fields.ProcessRow;

/**
 * What an operator decided holds, however the monitors end and start, until the file is read again.
 */
@Timeout(300)
class DecisionsIT extends Pairs {
    private static final String INSTANCES =
            Config.of(
                    Config.program("w", "sleep 1000", Config.KEPT, "'instances': 2"),
                    Config.program("gone", "sleep 1000", Config.KEPT),
                    Config.program("x", "sleep 1000", Config.KEPT));

    @ParameterizedTest
    @ValueSource(strings = {"--no-backup", "-f"})
    void stopsAndCountsHoldOverAnOrderlyEnd(String form) throws Exception {
        try (TestMonitor first = start(form, INSTANCES)) {
            first.awaitRun("x", 1);
            first.must("restart", "gone");
            first.must("restart", "gone");
            first.must("stop", "x");
            // Records that have rested for a while are not read a second time.
            TestMonitor.always(Duration.ofMillis(2500)).until(() -> true);
        }
        try (TestMonitor second = start(form, INSTANCES)) {
            assertThat(second.awaitState("gone", "running").runcount()).isEqualTo(4);
            assertThat(second.row("x").state()).isEqualTo("stopped");
            assertThat(second.row("x").runcount()).isEqualTo(1);
            awaitLog(second, "still stopped by an operator processes=x");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-backup", "-f"})
    void theNumberOfInstancesHoldsThoughAllMonitorsAreKilled(String form) throws Exception {
        try (TestMonitor first = start(form, INSTANCES)) {
            done(first, "scale", "w", "4");
            List<Integer> pids = instances(first, 4);
            killAll(first);
            try (TestMonitor second = start(form, INSTANCES)) {
                assertThat(instances(second, 4)).isEqualTo(pids);
                awaitLog(second, "w keeps the instances that an operator set instances=4");
            }
            // And over an orderly end.
            try (TestMonitor third = start(form, INSTANCES)) {
                assertThat(instances(third, 4)).doesNotContainAnyElementsOf(pids);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-backup", "-f"})
    void aDeletedProcessStaysDeletedWhenAnotherIsScaled(String form) throws Exception {
        try (TestMonitor first = start(form, INSTANCES)) {
            first.awaitRun("gone", 1);
            first.must("delete", "gone");
            done(first, "scale", "w", "3");
            instances(first, 3);
            assertThat(names(first)).doesNotContain("gone");
            killAll(first);
            try (TestMonitor second = start(form, INSTANCES)) {
                done(second, "scale", "w", "1");
                assertThat(names(second)).doesNotContain("gone");
                done(second, "reload");
                second.awaitState("gone", "running");
            }
        }
    }

    /** Each time the monitor is killed as soon as the command is answered. */
    @Test
    void recordsAStopWithoutWaitBeforeItsReply() throws Exception {
        String configuration =
                Config.of(Config.script("x", "trap '' TERM; sleep 1000 & wait; wait", Config.KEPT));
        try (TestMonitor first = start("--no-backup", configuration)) {
            TestMonitor monitor = first;
            for (int i = 0; i < 5; i++) {
                monitor.awaitState("x", "running");
                monitor.must("stop", "--no-wait", "x");
                monitor.kill();
                monitor = start("--no-backup", configuration);
                ProcessRow x = monitor.row("x");
                assertThat(x.goal()).as("after kill %d", i).isEqualTo("down");
                monitor.must("start", "x");
            }
            monitor.close();
        }
    }

    /** Of 40 processes, each is as the monitor says, whenever it died. */
    @ParameterizedTest
    @ValueSource(strings = {"--no-backup", "-f"})
    void aReloadInWhichTheMonitorDiesIsCompleted(String form) throws Exception {
        try (TestMonitor first = start(form, many("1"))) {
            patiently().until(() -> running(first, 40));
            if (form.equals("-f")) {
                settledBackup(first);
            }
            Files.writeString(folder.resolve("procmon.json"), many("2"));
            done(first, "reload");
            TestMonitor next = first;
            if (form.equals("-f")) {
                int primary = kill(first, PRIMARY);
                eventually().until(() -> first.row(PRIMARY).pid() != primary);
            } else {
                first.kill();
                next = start(form, many("2"));
            }
            TestMonitor monitor = next;
            eventually()
                    .untilAsserted(() -> {
                        assertThat(running(monitor, 40)).isTrue();
                        for (ProcessRow row : monitor.rows()) {
                            if (row.name().startsWith("p") && !row.name().startsWith("procmon")) {
                                assertThat(Proc.environment(row.pid()))
                                        .as(row.name())
                                        .contains("VERSION=2");
                            }
                        }
                    });
            assertThat(monitor.cli("reload", "--dry-run").out()).isEqualTo("40 unchanged\n");
            monitor.close();
        }
    }

    @Test
    void recognisesARunOfAnOlderSpecification() throws Exception {
        try (TestMonitor first = start("--no-backup", many("1"))) {
            patiently().until(() -> running(first, 40));
            first.kill();
            try (TestMonitor second = start("--no-backup", many("2"))) {
                assertThat(second.row("p1").runcount()).isEqualTo(1);
                assertThat(second.cli("explain", "p1").out())
                        .contains("it began before its specification was changed (env)");
                assertThat(second.cli("reload", "--dry-run").out().lines())
                        .filteredOn(line -> line.endsWith("restart: env"))
                        .hasSize(40);
                done(second, "reload");
                eventually().until(() -> running(second, 40) && second.row("p1").runcount() == 2);
                assertThat(second.cli("explain", "p1").out()).doesNotContain("it began before");
            }
        }
    }

    @Test
    void decisionsThatAreKeptForGoodSurviveTheBoot() throws Exception {
        String always = INSTANCES.replaceFirst("\\{", "{\"decisions\": \"always\", ");
        Path decisions = folder.resolve("state/decisions.json");
        try (TestMonitor first = start("--no-backup", always)) {
            first.awaitRun("gone", 1);
            first.must("stop", "x");
            first.must("delete", "gone");
            done(first, "scale", "w", "3");
            assertThat(decisions).exists();
        }
        byte[] kept = Files.readAllBytes(decisions);
        // A boot empties the folder but for what is kept elsewhere.
        try (var files = Files.walk(folder.resolve("state"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(folder.resolve("state")) && !file.toString().contains("/log")) {
                    Files.deleteIfExists(file);
                }
            }
        }
        Files.write(decisions, kept);
        try (TestMonitor second = start("--no-backup", always)) {
            instances(second, 3);
            assertThat(second.row("x").state()).isEqualTo("stopped");
            assertThat(names(second)).doesNotContain("gone");
        }
    }

    private static void done(TestMonitor monitor, String... command) throws Exception {
        assertThat(monitor.cli(command).code()).isZero();
    }

    private static String many(String version) {
        return Config.of(
                IntStream.rangeClosed(1, 40)
                        .mapToObj(i ->
                                Config.program(
                                        "p" + i,
                                        "sleep 1000",
                                        Config.KEPT,
                                        "'env': {'VERSION': '" + version + "'}"))
                        .toArray(String[]::new));
    }

    private static boolean running(TestMonitor monitor, int count) throws Exception {
        return monitor.rows().stream()
                        .filter(row ->
                                row.name().startsWith("p") && !row.name().startsWith("procmon"))
                        .filter(row -> row.state().equals("running"))
                        .count()
                == count;
    }

    private static List<Integer> instances(TestMonitor monitor, int count) {
        List<List<Integer>> pids = new ArrayList<>();
        eventually()
                .untilAsserted(() -> {
                    List<ProcessRow> rows =
                            monitor.rows().stream()
                                    .filter(row -> row.name().startsWith("w."))
                                    .toList();
                    assertThat(rows).hasSize(count);
                    assertThat(rows).allMatch(row -> row.state().equals("running"));
                    pids.add(rows.stream().map(ProcessRow::pid).toList());
                });
        return pids.getLast();
    }

    private static List<String> names(TestMonitor monitor) throws Exception {
        return monitor.rows().stream().map(ProcessRow::name).toList();
    }

    /** The log is written by a thread of its own. */
    private static void awaitLog(TestMonitor monitor, String line) {
        patiently().untilAsserted(() -> assertThat(monitor.log()).contains(line));
    }

    private static void killAll(TestMonitor pair) throws Exception {
        List<Integer> monitors =
                pair.rows().stream()
                        .filter(row -> row.name().matches("procmon[12]"))
                        .map(ProcessRow::pid)
                        .toList();
        TestProduct.signal("KILL", monitors);
        patiently().until(() -> monitors.stream().allMatch(Proc::hasEnded));
    }
}
