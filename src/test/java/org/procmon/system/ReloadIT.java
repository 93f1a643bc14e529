package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.Signal;
import org.procmon.control.RawConnection;
import org.procmon.posix.Signals;
import org.procmon.status.fields.ProcessRow;

/** A monitor whose configuration changes while it runs. */
@Timeout(120)
class ReloadIT {
    private static final String SLEEP = "sleep 1000";

    @TempDir Path folder = Path.of("");

    @Test
    void reloadChangesOnlyWhatDiffers() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.program("same", SLEEP, Config.KEPT),
                                Config.program("live", SLEEP, Config.KEPT),
                                Config.program("anew", SLEEP, Config.KEPT),
                                Config.program("gone", SLEEP, Config.KEPT)))) {
            int same = monitor.awaitRun("same", 1).pid();
            int live = monitor.awaitRun("live", 1).pid();
            int anew = monitor.awaitRun("anew", 1).pid();
            write(
                    Config.program("same", SLEEP, Config.KEPT),
                    Config.program("live", SLEEP, Config.KEPT, "'stop': {'timeout': '3s'}"),
                    Config.program("anew", "sleep 1001", Config.KEPT),
                    Config.program("new", SLEEP, Config.KEPT, "'depends': 'anew'"));
            String plan =
                    """
                    live  live: stop
                    anew  restart: exec
                    new   start
                    gone  stop
                    1 unchanged
                    """;
            assertThat(monitor.cli("reload", "--dry-run")).isEqualTo(new Outcome(0, plan, ""));
            assertThat(names(monitor)).containsExactly("same", "live", "anew", "gone");

            assertThat(monitor.cli("reload")).isEqualTo(new Outcome(0, plan, ""));
            assertThat(monitor.awaitRun("anew", 2).pid()).isNotEqualTo(anew);
            assertThat(monitor.row("anew").exec()).isEqualTo("sleep 1001");
            monitor.awaitRun("new", 1);
            assertThat(monitor.row("same").pid()).isEqualTo(same);
            assertThat(monitor.row("live").pid()).isEqualTo(live);
            patiently()
                    .untilAsserted(() ->
                            assertThat(names(monitor))
                                    .containsExactly("same", "live", "anew", "new"));
            assertThat(monitor.cli("reload").out()).isEqualTo("4 unchanged\n");
        }
    }

    @Test
    void aFileWithAProblemChangesNothing() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(Config.program("a", SLEEP, Config.KEPT)))) {
            int pid = monitor.awaitRun("a", 1).pid();
            write(
                    Config.program("a", "sleep 1001", Config.KEPT),
                    Config.program("b", SLEEP, "'wiat': 1"));
            try (RawConnection client = new RawConnection(monitor.socket())) {
                assertThat(client.monitor("Check", "{}"))
                        .startsWith("{\"parameters\":{\"problems\":[\"")
                        .contains("procmon.json:3:35: unknown key 'wiat'");
            }
            Outcome refused = monitor.cli("reload");
            assertThat(refused.code()).isEqualTo(78);
            assertThat(refused.err())
                    .endsWith(
                            "procmon.json:3:35: unknown key 'wiat', did you mean 'wait'?\n"
                                    + "procmon: cannot reload the configuration: it has problems,"
                                    + " nothing was changed\n");
            Signals.send(monitor.pid(), Signal.HUP.number());
            patiently()
                    .untilAsserted(() ->
                            assertThat(monitor.log())
                                    .contains("unknown key 'wiat'")
                                    .contains("nothing was changed"));
            assertThat(monitor.row("a").pid()).isEqualTo(pid);
            assertThat(names(monitor)).containsExactly("a");

            write(Config.program("a", "sleep 1001", Config.KEPT));
            Signals.send(monitor.pid(), Signal.HUP.number());
            monitor.awaitRun("a", 2);
            assertThat(monitor.log())
                    .contains("signal: reloaded signal=SIGHUP plan=\"restart 1, unchanged 0\"");
        }
    }

    @Test
    void theNextMonitorUsesTheLastReload() throws Exception {
        write(Config.program("a", SLEEP, Config.KEPT));
        String file = folder.resolve("procmon.json").toString();
        try (TestMonitor pair = TestMonitor.start(folder, List.of(), "-f", file)) {
            pair.awaitRun("procmon2", 1);
            int first = pair.row("procmon1").pid();
            Path part = Files.createDirectories(folder.resolve("d")).resolve("web.json");
            Files.writeString(
                    part,
                    "{\"id\": \"$(filename)\", \"exec\": [\"sh\", \"-c\","
                            + " \"echo I am $PROCMON_ID; exec sleep 1000\"],"
                            + " \"restart\": \"always\", \"instances\": 2}");
            Files.writeString(folder.resolve("procmon.json"), "{\"include\": \"d/*.json\"}");
            assertThat(pair.cli("reload").out())
                    .isEqualTo("web.1  start\nweb.2  start\na      stop\n0 unchanged\n");
            int web = pair.awaitRun("web.2", 1).pid();
            assertThat(pair.cli("scale", "web", "3").out())
                    .isEqualTo("web.3  start\n2 unchanged\n");
            pair.awaitRun("web.3", 1);
            Files.delete(part);
            Files.writeString(folder.resolve("procmon.json"), "spoilt");

            Signals.send(first, Signal.KILL.number());
            pair.awaitAnother("procmon1", first);

            assertThat(names(pair)).containsExactly("web.1", "web.2", "web.3");
            assertThat(pair.row("web.2").pid()).isEqualTo(web);
            assertThat(pair.cli("tail", "web.3").out()).isEqualTo("I am web.3\n");
            assertThat(pair.cli("scale", "web", "1").out())
                    .isEqualTo("web.2  stop\nweb.3  stop\n1 unchanged\n");
            patiently().untilAsserted(() -> assertThat(names(pair)).containsExactly("web.1"));
            assertThat(pair.cli("reload").code()).isEqualTo(78);
        }
    }

    @Test
    void instancesAnswerToTheirOwnNamesAndToTheirCommonOne() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "web",
                                        "echo $PROCMON_INSTANCE; exec sleep 1000",
                                        Config.KEPT,
                                        "'instances': 2"),
                                Config.program("one", SLEEP, Config.KEPT)))) {
            monitor.awaitRun("web.2", 1);
            assertThat(monitor.cli("tail", "web.2").out()).isEqualTo("2\n");
            monitor.must("restart", "web");
            assertThat(Stream.of("web.1", "web.2").map(name -> row(monitor, name).runcount()))
                    .containsExactly(2L, 2L);
            assertThat(monitor.cli("scale", "web", "3").out()).contains("web.3  start");
            assertThat(monitor.cli("reload").out()).isEqualTo("4 unchanged\n");
            assertThat(monitor.cli("scale", "web", "2").out()).contains("web.3  stop");
            monitor.must("stop", "web.2");
            assertThat(monitor.cli("status", "web").code()).isEqualTo(3);
            assertThat(monitor.cli("status", "web").out())
                    .contains("web.1: running", "web.2: stop");
            assertThat(monitor.cli("scale", "one", "2").err())
                    .isEqualTo(
                            "procmon: cannot run 2 instances of one: the configuration gives it no"
                                    + " number of 'instances'\n");
            assertThat(monitor.cli("scale", "nobody", "2").code()).isEqualTo(4);
            assertThat(monitor.cli("scale", "web", "5000").err()).contains("from 0 to 1000");
            assertThat(monitor.cli("scale", "web", "0").out())
                    .isEqualTo("web.1  stop\nweb.2  stop\n1 unchanged\n");
        }
    }

    @Test
    void aRollingRestartLeavesAllButOneUp() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "web",
                                        "test ! -e $DIR/broken || exit 1; exec sleep 1000",
                                        Config.KEPT,
                                        "'instances': 3",
                                        "'wait': '300ms'",
                                        "'backoff': {'initial': '1h', 'max': '1h'}")))) {
            monitor.awaitRun("web.3", 1);
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Integer> fewest =
                    CompletableFuture.supplyAsync(() -> fewestUp(monitor, over));
            monitor.must("restart", "--rolling", "web");
            over.set(true);
            assertThat(fewest.join()).isEqualTo(2);
            assertThat(runs(monitor)).containsExactly(2L, 2L, 2L);

            Files.createFile(folder.resolve("broken"));
            Outcome failed = monitor.cli("restart", "--rolling", "web");
            assertThat(failed.code()).isEqualTo(1);
            assertThat(failed.err()).startsWith("procmon: cannot restart web: web.1: ");
            assertThat(runs(monitor).subList(1, 3)).containsExactly(2L, 2L);
            // Of those that are up none goes while it is down.
            assertThat(monitor.cli("restart", "--rolling", "web").err())
                    .startsWith("procmon: cannot restart web: web.1: ")
                    .endsWith("so 2 of 3 were not restarted\n");
            assertThat(runs(monitor).subList(1, 3)).containsExactly(2L, 2L);
            assertThat(monitor.cli("restart", "--rolling", "nobody").code()).isEqualTo(4);
        }
    }

    private static List<Long> runs(TestMonitor monitor) {
        return Stream.of("web.1", "web.2", "web.3")
                .map(name -> row(monitor, name).runcount())
                .toList();
    }

    private static int fewestUp(TestMonitor monitor, AtomicBoolean over) {
        int fewest = 3;
        while (!over.get()) {
            try {
                long up =
                        monitor.rows().stream()
                                .filter(row -> row.name().startsWith("web"))
                                .filter(row -> row.state().equals("running"))
                                .count();
                fewest = (int) Math.min(fewest, up);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
        return fewest;
    }

    @Test
    void anEssentialExitEndsTheMonitorWithItsCode() throws Exception {
        String file =
                Files.writeString(
                                folder.resolve("procmon.json"),
                                Config.of(
                                        Config.script(
                                                "main",
                                                "until test -e $DIR/go; do sleep 0.05; done; exit 42",
                                                "'essential': true"),
                                        Config.program("side", SLEEP, Config.KEPT)))
                        .toString();
        for (List<String> how : List.of(List.of("run", "--no-backup"), List.of("-f"))) {
            String[] arguments =
                    Stream.concat(how.stream(), Stream.of(file)).toArray(String[]::new);
            try (TestMonitor monitor = TestMonitor.start(folder, List.of(), arguments)) {
                monitor.awaitRun("side", 1);
                Files.createFile(folder.resolve("go"));
                assertThat(monitor.awaitExit(Duration.ofSeconds(20))).isEqualTo(42);
                assertThat(monitor.log())
                        .contains(
                                "process: main is essential and down, shutting down state=failed cause=\"exited with");
            }
            Files.delete(folder.resolve("go"));
        }
    }

    private void write(String... processes) throws Exception {
        Files.writeString(folder.resolve("procmon.json"), Config.of(processes));
    }

    private static List<String> names(TestMonitor monitor) throws Exception {
        return monitor.rows().stream()
                .map(ProcessRow::name)
                .filter(name -> !name.startsWith("procmon"))
                .toList();
    }

    private static ProcessRow row(TestMonitor monitor, String name) {
        try {
            return monitor.row(name);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
