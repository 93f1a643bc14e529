package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line, from outside. */
@Timeout(60)
class CommandsIT {
    @TempDir Path folder = Path.of("");

    @Test
    void deleteStopsAndForgetsAProcess() throws Exception {
        try (TestMonitor monitor = start(kept("one"), kept("two"))) {
            int pid = monitor.awaitRun("one", 1).pid();

            monitor.must("-d", "one");

            assertThat(Proc.exists(pid)).isFalse();
            assertThat(monitor.cli("start", "one"))
                    .satisfies(o -> assertThat(o.code()).isEqualTo(4))
                    .satisfies(o -> assertThat(o.err()).startsWith("procmon: cannot start one: "));
            assertThat(monitor.cli("status", "one").code()).isEqualTo(4);
            assertThat(monitor.cli("-o", "json").out())
                    .doesNotContain("\"one\"")
                    .contains("\"two\"");
        }
    }

    @Test
    void aSignalReachesTheProcess() throws Exception {
        String hears =
                "trap 'echo heard >$DIR/heard' USR1; echo up >$DIR/up; while :; do sleep 0.05; done";
        try (TestMonitor monitor = start(Config.script("one", hears, Config.KEPT))) {
            patiently().until(() -> Files.exists(monitor.file("up")));

            monitor.must("signal", "one", "USR1");

            patiently().until(() -> Files.exists(monitor.file("heard")));
            assertThat(monitor.row("one").runcount()).isEqualTo(1);
            monitor.must("stop", "one");
            assertThat(monitor.cli("signal", "one", "USR1"))
                    .isEqualTo(
                            new Outcome(
                                    1,
                                    "",
                                    "procmon: cannot send USR1 to one: it is not running\n"));
        }
    }

    @Test
    void patternsMeanAllThatMatch() throws Exception {
        try (TestMonitor monitor = start(kept("web-1"), kept("web-2"), kept("db"))) {
            patiently().until(() -> Proc.supervised(monitor.pid()).size() == 3);

            monitor.must("stop", "web-*");

            assertThat(Proc.supervised(monitor.pid())).hasSize(1);
            assertThat(monitor.cli("status", "db").code()).isZero();
            assertThat(monitor.cli("status", "web-1").code()).isEqualTo(3);
            assertThat(monitor.cli("status", "web-1", "db").code()).isEqualTo(3);
            assertThat(monitor.cli("start", "mail-*").code()).isEqualTo(4);
            monitor.must("start", "web-[12]");
            monitor.must("stop", "all");
            assertThat(Proc.supervised(monitor.pid())).isEmpty();
            assertThat(monitor.cli("status").code()).isZero();
        }
    }

    @Test
    void aStartThatTimesOutNamesWhatItWaitsFor() throws Exception {
        try (TestMonitor monitor =
                start(
                        kept("base"),
                        Config.program("top", "sleep 1000", Config.KEPT, "'depends': ['base']"))) {
            monitor.awaitRun("top", 1);
            monitor.must("stop", "top", "base");

            Outcome late = monitor.cli("start", "--timeout", "300ms", "top");

            assertThat(late)
                    .isEqualTo(
                            new Outcome(
                                    7,
                                    "",
                                    "procmon: cannot start top: not done in time: it is waiting: waits for"
                                            + " base; the command continues, see 'procmon explain"
                                            + " top'\n"));
            // The command goes on, as it was only the client that would not wait.
            monitor.must("start", "base");
            monitor.awaitRun("top", 2);
        }
    }

    @Test
    void startStopAndRestartReturnWhenItIsSo() throws Exception {
        try (TestMonitor monitor = start(kept("one"))) {
            int first = monitor.awaitRun("one", 1).pid();

            monitor.must("-r", "one");
            int second = monitor.row("one").pid();
            assertThat(Proc.exists(first)).isFalse();
            assertThat(Proc.exists(second)).isTrue();

            monitor.must("-k", "one");
            assertThat(Proc.exists(second)).isFalse();
            assertThat(monitor.row("one").state()).isEqualTo("stopped");

            monitor.must("-s", "one");
            assertThat(Proc.exists(monitor.row("one").pid())).isTrue();
            assertThat(monitor.row("one").runcount()).isEqualTo(3);
        }
    }

    @Test
    void aRestartThatCouldNotComeUpAgainChangesNothing() throws Exception {
        Path program = folder.resolve("program");
        Files.writeString(program, "#!/bin/sh\nexec sleep 1000\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        try (TestMonitor monitor =
                start(
                        kept("db"),
                        Config.program("worker", "sleep 1000", Config.KEPT, "'depends': ['db']"),
                        Config.program("own", program.toString(), Config.KEPT))) {
            int worker = monitor.awaitRun("worker", 1).pid();
            int own = monitor.awaitRun("own", 1).pid();

            assertThat(monitor.cli("delete", "db"))
                    .isEqualTo(
                            new Outcome(
                                    1,
                                    "",
                                    "procmon: cannot delete db: worker depends on it; delete that"
                                            + " too, or use --force\n"));
            assertThat(monitor.row("db").state()).isEqualTo("running");
            assertThat(monitor.cli("-d", "db"))
                    .isEqualTo(
                            new Outcome(
                                    0,
                                    "",
                                    "procmon: db is deleted although worker depends on it; they"
                                            + " cannot start without it\n"));

            for (String restart : new String[] {"restart worker", "restart --rolling worker"}) {
                assertThat(monitor.cli(restart.split(" ")))
                        .isEqualTo(
                                new Outcome(
                                        1,
                                        "",
                                        "procmon: cannot restart worker: it depends on 'db', which"
                                                + " was deleted; add it again with 'procmon"
                                                + " reload', then restart\n"));
            }
            Files.delete(program);
            assertThat(monitor.cli("restart", "own"))
                    .isEqualTo(
                            new Outcome(
                                    1,
                                    "",
                                    "procmon: cannot restart own: cannot execute '"
                                            + program
                                            + "': No such file or directory\n"));
            assertThat(Proc.exists(worker)).isTrue();
            assertThat(Proc.exists(own)).isTrue();

            monitor.must("stop", "worker");
            assertThat(monitor.cli("start", "worker").err()).endsWith("reload', then start\n");
            monitor.cli("reload");
            monitor.must("start", "worker");
            monitor.must("delete", "--force", "db");
        }
    }

    private static String kept(String id) {
        return Config.program(id, "sleep 1000", Config.KEPT);
    }

    private TestMonitor start(String... processes) throws Exception {
        return TestMonitor.start(folder, Config.of(processes));
    }
}
