package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a child inherits from the monitor, and what not. */
@Timeout(60)
class InheritanceIT {
    private static final String NONE = "0000000000000000";

    /** The signals 32 and 33, which glibc keeps for threads; its posix_spawn ignores them. */
    private static final String LIBRARY = "0000000180000000";

    @TempDir Path folder = Path.of("");

    @Test
    void childrenHaveDefaultSignalsAndExitsAreSeenHoweverTheMonitorWasStarted() throws Exception {
        String[] perverse = {
            "env",
            "--ignore-signal=CHLD,HUP,PIPE,INT,USR1",
            "--block-signal=CHLD,USR2,ALRM,RTMIN,WINCH"
        };
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.program("one", "sleep 1000", Config.KEPT),
                                Config.script("seven", "exit 7"),
                                Config.script("self", "kill -s USR2 $$")),
                        perverse)) {
            int pid = monitor.awaitRun("one", 1).pid();

            assertThat(Proc.status(pid, "SigBlk")).isEqualTo(NONE);
            assertThat(Proc.status(pid, "SigIgn")).isIn(NONE, LIBRARY);
            assertThat(Proc.status(pid, "SigCgt")).isEqualTo(NONE);
            assertThat(monitor.awaitState("seven", "failed").lastExit().orElseThrow().code())
                    .hasValue(7);
            assertThat(monitor.awaitState("self", "failed").lastExit().orElseThrow().signal())
                    .contains("USR2");
            TestProduct.signal("KILL", pid);
            monitor.awaitRun("one", 2);
        }
    }

    @Test
    void eachChildIsASessionLeaderWithoutATerminal() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(Config.program("one", "sleep 1000")))) {
            int pid = monitor.awaitRun("one", 1).pid();

            Proc.Stat asleep = new Proc.Stat(pid, 'S', monitor.pid(), pid, pid, 0);
            patiently().untilAsserted(() -> assertThat(Proc.stat(pid)).contains(asleep));
        }
    }

    @Test
    void aChildsEnvironmentIsTheMonitorsAndItsOwn() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.program(
                                        "one", "sleep 1000", "'env': {'COLOUR': 'blue', 'B': ''}")),
                        "env",
                        "-i",
                        "PATH=/usr/bin:/bin",
                        "COLOUR=red",
                        "PROCMON_STATE_DIR=" + TestProduct.stateFolder(folder))) {
            int pid = monitor.awaitRun("one", 1).pid();

            assertThat(Proc.environment(pid))
                    .filteredOn(assignment -> !assignment.isEmpty())
                    // The launcher's shell adds these by itself.
                    .filteredOn(a -> !a.startsWith("PWD=") && !a.startsWith("_="))
                    .containsExactlyInAnyOrder(
                            "PATH=/usr/bin:/bin",
                            "COLOUR=blue",
                            "B=",
                            "PROCMON_ID=one",
                            "PROCMON_RUN=1",
                            "PROCMON_STATE_DIR=" + monitor.state());
        }
    }

    @Test
    void aChildHasTheResourceLimitsThatTheMonitorWasGiven() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(Config.program("one", "sleep 1000")),
                        TestMonitor.after("ulimit -Sn 256; ulimit -Hn 512"))) {
            int pid = monitor.awaitRun("one", 1).pid();

            assertThat(Proc.limit(pid, "Max open files")).isEqualTo("256 512 files");
        }
    }

    @Test
    void aChildHasThatLimitOfDescriptorsAlsoWhenTheMonitorNeedsMoreItself() throws Exception {
        List<String> processes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            processes.add(Config.script("p" + i, "echo hello; exec sleep 1000", Config.KEPT));
        }
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(processes.toArray(String[]::new)),
                        TestMonitor.after("ulimit -Sn 256; ulimit -Hn 4096"))) {
            for (int i = 0; i < 200; i += 33) {
                int pid = monitor.awaitRun("p" + i, 1).pid();
                assertThat(Proc.limit(pid, "Max open files")).isEqualTo("256 4096 files");
                String log = "state/log/p" + i + ".log";
                patiently().until(() -> monitor.lines(log).equals(List.of("hello")));
            }
            assertThat(Proc.descriptors(monitor.pid())).hasSizeGreaterThan(400);
        }
    }

    @Test
    void aThousandProcessesRunUnderALowLimitOfDescriptors() throws Exception {
        List<String> processes = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            processes.add(Config.program("p" + i, "sleep 1000", Config.KEPT));
        }
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(processes.toArray(String[]::new)),
                        TestMonitor.after("ulimit -n 64"))) {
            patiently()
                    .until(() ->
                            monitor.rows().stream().filter(r -> r.state().equals("running")).count()
                                    == 1001);
            assertThat(Proc.supervised(monitor.pid())).hasSize(1000);
        }
    }
}
