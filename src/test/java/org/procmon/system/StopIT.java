package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.always;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.status.fields.ProcessRow;

/** Stopping: complete, in time, with no more force than needed, and for good. */
@Timeout(60)
class StopIT {
    /** Waits in small steps, so that a shell gets to its traps. */
    private static final String IDLE = "echo up >$DIR/up; while :; do sleep 0.05; done";

    @TempDir Path folder = Path.of("");

    @Test
    void stopWaitsUntilTheWholeGroupIsGone() throws Exception {
        String leavesAStubbornOne =
                "(trap '' TERM; echo deaf >$DIR/deaf; exec sleep 1000) &"
                        + " echo $! >$DIR/grandchild; exec sleep 1000";
        try (TestMonitor monitor =
                start(
                        Config.script(
                                "one",
                                leavesAStubbornOne,
                                Config.KEPT,
                                "'stop': {'timeout': '1s'}"))) {
            int grandchild = monitor.number("grandchild");
            patiently().until(() -> Files.exists(monitor.file("deaf")));
            long begin = System.nanoTime();

            monitor.must("stop", "one");

            assertThat(Proc.exists(grandchild)).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(950), Duration.ofSeconds(8));
            assertThat(monitor.row("one").state()).isEqualTo("stopped");
            assertThat(monitor.row("one").lastExit().orElseThrow().signal()).contains("TERM");
        }
    }

    @Test
    void doesNotKillAProcessThatExitsInTime() throws Exception {
        String slow =
                "trap 'echo TERM >>$DIR/log; sleep 0.5; echo left >>$DIR/log; exit 5' TERM; "
                        + IDLE;
        try (TestMonitor monitor =
                start(Config.script("slow", slow, "'stop': {'timeout': '20s'}"))) {
            patiently().until(() -> Files.exists(monitor.file("up")));

            monitor.must("stop", "slow");

            assertThat(monitor.lines("log")).containsExactly("TERM", "left");
            assertThat(monitor.row("slow").lastExit().orElseThrow().code()).hasValue(5);
        }
    }

    @Test
    void aSuspendedProcessIsWokenSoThatItCanStop() throws Exception {
        try (TestMonitor monitor = start(Config.program("one", "sleep 1000", Config.KEPT))) {
            int pid = monitor.awaitRun("one", 1).pid();
            TestProduct.signal("STOP", pid);
            patiently().until(() -> Proc.stat(pid).orElseThrow().state() == 'T');

            monitor.must("stop", "--timeout", "5s", "one");

            assertThat(monitor.row("one").lastExit().orElseThrow().signal()).contains("TERM");
        }
    }

    @Test
    void aStopPlanSendsItsSignalsInOrder() throws Exception {
        String logs =
                "trap 'echo USR1 >>$DIR/log' USR1; trap 'echo INT >>$DIR/log' INT;"
                        + " trap 'echo TERM >>$DIR/log; exit 0' TERM; "
                        + IDLE;
        try (TestMonitor monitor =
                start(
                        Config.script(
                                "one",
                                logs,
                                Config.KEPT,
                                "'stop': {'plan': ['USR1 300ms', 'INT 300ms', 'TERM 20s']}"))) {
            patiently().until(() -> Files.exists(monitor.file("up")));

            monitor.must("stop", "one");

            assertThat(monitor.lines("log")).containsExactly("USR1", "INT", "TERM");
        }
    }

    @Test
    void aStopBeforeTheStartPreventsIt() throws Exception {
        String job = "while [ ! -e $DIR/go ]; do sleep 0.02; done";
        try (TestMonitor monitor =
                start(
                        Config.script("job", job),
                        Config.program(
                                "waits",
                                "sleep 1000",
                                Config.KEPT,
                                "'depends': [{'on': 'job', 'when': 'completed'}]"),
                        Config.program("settles", "sleep 1000", Config.KEPT, "'wait': 60"),
                        Config.program(
                                "backs-off",
                                "false",
                                Config.KEPT,
                                "'backoff': {'initial': '700ms'}"),
                        Config.program(
                                "delayed", "false", Config.KEPT, "'restart_delay': '700ms'"))) {
            monitor.awaitState("waits", "waiting");
            monitor.awaitState("settles", "starting");
            monitor.awaitState("backs-off", "backoff");
            monitor.awaitState("delayed", "backoff");
            String[] names = {"waits", "settles", "backs-off", "delayed"};

            monitor.must("stop", "--timeout", "3s", "waits", "settles", "backs-off", "delayed");
            long[] runs = new long[names.length];
            for (int i = 0; i < names.length; i++) {
                runs[i] = monitor.row(names[i]).runcount();
            }
            Files.createFile(monitor.file("go"));
            monitor.awaitState("job", "completed");

            always(Duration.ofMillis(1600))
                    .untilAsserted(() -> {
                        for (int i = 0; i < names.length; i++) {
                            ProcessRow row = monitor.row(names[i]);
                            assertThat(row.state()).as(names[i]).isEqualTo("stopped");
                            assertThat(row.runcount()).as(names[i]).isEqualTo(runs[i]);
                        }
                    });
            assertThat(monitor.row("waits").runcount()).isZero();
            assertThat(Proc.supervised(monitor.pid())).isEmpty();
        }
    }

    @Test
    void theRestOfARunIsEndedBeforeTheNextBegins() throws Exception {
        String inTwo =
                "if [ -s $DIR/member ] && kill -0 $(cat $DIR/member); then echo twin >>$DIR/twins;"
                        + " fi; sleep 1000 & echo $! >$DIR/member; wait";
        try (TestMonitor monitor = start(Config.script("one", inTwo, Config.KEPT))) {
            int first = monitor.number("member");

            TestProduct.signal("KILL", monitor.awaitRun("one", 1).pid());

            int leader = monitor.awaitRun("one", 2).pid();
            patiently().until(() -> !monitor.lines("member").equals(List.of("" + first)));
            int second = monitor.number("member");
            assertThat(monitor.lines("twins")).isEmpty();
            assertThat(Proc.exists(first)).isFalse();
            assertThat(Proc.having("PROCMON_ID=one"))
                    .filteredOn(pid ->
                            Proc.environment(pid).contains("PROCMON_STATE_DIR=" + monitor.state()))
                    .containsExactlyInAnyOrder(leader, second);
        }
    }

    private TestMonitor start(String... processes) throws Exception {
        return TestMonitor.start(folder, Config.of(processes));
    }
}
