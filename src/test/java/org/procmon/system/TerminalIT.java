package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands as a person sees them, in a real terminal. */
@Timeout(120)
class TerminalIT {
    private static final String LONG = "echo the last words of a program that has failed; exit 3";

    @TempDir Path folder = Path.of("");

    @Test
    void theTableFitsTheTerminalAtAnyWidthAndAPipeGetsAll() throws Exception {
        try (TestMonitor monitor = monitor();
                TmuxTerminal terminal = open(80, 30)) {
            terminal.type(procmon() + " list; echo code $?");
            patiently().until(() -> terminal.screen().contains("code 0"));
            assertThat(terminal.screen())
                    .containsPattern("\nNAME +STATE +PID +RESTARTS +UP +CPU +MEM +WHY\n")
                    .containsPattern("crasher +failed +- +0 +- +- +- +exited with")
                    .containsPattern("\nold +waiting .*waits for mig")
                    .containsPattern("2 of 4 up, 1 failed, 1 waiting; monitor " + monitor.pid());
            assertThat(terminal.coloured())
                    .contains("\u001b[31mfailed")
                    .contains("\u001b[32mrunning");

            terminal.resize(40, 30);
            terminal.type("clear; NO_COLOR=1 " + procmon() + " list; echo narrow $?");
            patiently().until(() -> terminal.screen().contains("narrow 0"));
            assertThat(terminal.coloured()).doesNotContain("\u001b[");
            assertThat(terminal.screen().lines().filter(line -> line.startsWith("crasher")))
                    .hasSize(1);
            assertThat(terminal.screen()).contains("WHY").doesNotContain("RESTARTS");

            String piped = monitor.cli("list").out();
            assertThat(piped)
                    .doesNotContain("\u001b")
                    .contains("waits for migration to be completed\n");
            assertThat(monitor.cli("status").out().lines().findFirst())
                    .isEqualTo(piped.lines().findFirst());
        }
    }

    @Test
    void watchingShowsANewTableInPlaceUntilItIsInterrupted() throws Exception {
        try (TestMonitor monitor = monitor();
                TmuxTerminal terminal = open(80, 12)) {
            terminal.type("clear; " + procmon() + " list --watch");
            patiently().until(() -> terminal.screen().contains("2 of 4 up"));
            monitor.must("stop", "steady");
            patiently().until(() -> terminal.screen().contains("1 of 4 up"));
            assertThat(terminal.screen().split("NAME ", -1)).hasSize(2);
            terminal.keys("C-c");
            patiently().until(() -> terminal.screen().stripTrailing().endsWith("$"));
            terminal.type("echo again");
            patiently().until(() -> terminal.screen().contains("\nagain"));
        }
    }

    @Test
    void whatIsLongGoesToThePagerOnATerminalOnly() throws Exception {
        try (TestMonitor monitor = monitor();
                TmuxTerminal terminal = open(80, 10)) {
            terminal.type("PAGER='sed s/^/paged:/' " + procmon() + " status crasher; echo code $?");
            patiently().until(() -> terminal.screen().contains("code 3"));
            assertThat(terminal.screen()).doesNotContain("paged:");
            terminal.type(
                    "clear; PAGER='sed s/^/paged:/' " + procmon() + " status all; echo all $?");
            patiently().until(() -> terminal.screen().contains("all 3"));
            assertThat(terminal.screen()).contains("paged:");
            assertThat(monitor.cli("status", "all").out()).contains("crasher: failed");
        }
    }

    @Test
    void whatACommandWaitsForIsShownWhileItWaits() throws Exception {
        String stubborn = "trap '' TERM; touch $DIR/up; while :; do sleep 0.1; done";
        try (TestMonitor monitor =
                        TestMonitor.start(
                                folder,
                                Config.of(
                                        Config.script(
                                                "stubborn", stubborn, "'stop': {'timeout': '4s'}"),
                                        Config.script("crasher", "exit 3", "'skip': true"),
                                        Config.script("once", "exit 0")));
                TmuxTerminal terminal = open(80, 30)) {
            patiently().until(() -> java.nio.file.Files.exists(monitor.file("up")));
            monitor.awaitState("once", "completed");
            terminal.type(procmon() + " stop stubborn; echo code $?");
            patiently()
                    .until(() ->
                            terminal.screen()
                                    .contains("stopping stubborn: TERM sent, KILL in 2 s"));
            patiently().until(() -> terminal.screen().contains("code 0"));
            assertThat(terminal.screen())
                    .contains("\nstubborn: stopped, stopped by a command\ncode 0")
                    .doesNotContain("KILL in");

            terminal.type("clear; " + procmon() + " start crasher; echo code $?");
            patiently().until(() -> terminal.screen().contains("code 1"));
            assertThat(terminal.screen())
                    .containsPattern(
                            "procmon: crasher: started, then exited with code 3 after [0-9]+ ms");
            assertThat(monitor.cli("-s", "crasher")).isEqualTo(new Outcome(0, "", ""));

            assertThat(monitor.cli("start", "all").out()).contains("stubborn: running");
            assertThat(monitor.row("once").runcount()).isEqualTo(1);
            monitor.must("start", "once");
            assertThat(monitor.row("once").runcount()).isEqualTo(2);
            monitor.must("delete", "once");
            assertThat(monitor.cli("start", "once").err())
                    .isEqualTo(
                            "procmon: cannot start once: there is no process 'once'; it is in the"
                                    + " configuration file, 'procmon reload' starts it\n");
        }
    }

    private TestMonitor monitor() throws Exception {
        TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.program("steady", "sleep 1000"),
                                Config.program("migration", "sleep 1000", "'restart': 'never'"),
                                Config.program(
                                        "old",
                                        "sleep 1000",
                                        "'depends': [{'on': 'migration', 'when': 'completed'}]"),
                                Config.script("crasher", LONG, "'restart': 'never'")));
        monitor.awaitState("crasher", "failed");
        return monitor;
    }

    private TmuxTerminal open(int columns, int rows) throws Exception {
        return TmuxTerminal.open(folder, columns, rows, "TERM=screen-256color");
    }

    private String procmon() {
        return String.join(
                " ",
                List.of(
                        TestProduct.procmon(),
                        "--state-dir",
                        TestProduct.stateFolder(folder).toString()));
    }
}
