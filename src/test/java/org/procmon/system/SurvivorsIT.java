package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.Signals;

/** What has begun a session of its own goes last, and is named. */
@Timeout(60)
class SurvivorsIT {
    private static final int KILL = 9;

    /** Tells whether what the run before has left is still there, and leaves something itself. */
    private static final String LEAVES =
            "test -e $DIR/left && kill -0 $(cat $DIR/left) 2>/dev/null && echo overlap >>$DIR/overlaps;"
                    + " setsid sh -c 'echo $$ >$DIR/left.new; exec sleep 1000' &"
                    + " while ! test -s $DIR/left.new; do sleep 0.01; done;"
                    + " mv $DIR/left.new $DIR/left; echo $$ >$DIR/up; wait; exec sleep 1000";

    @TempDir Path folder = Path.of("");

    /** Should it be there still. */
    private int left;

    @AfterEach
    void end() {
        if (left > 0) {
            Signals.send(left, KILL);
        }
    }

    @Test
    void aStopEndsWhatHasLeftTheGroupAndNamesIt() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(Config.script("web", LEAVES)))) {
            awaitUp(monitor, 1);
            assertThat(monitor.cli("stop", "web").code()).isZero();
            assertThat(Proc.hasEnded(left)).isTrue();
            assertThat(monitor.log())
                    .contains(
                            "web: stopping, being stopped by a command, but left pid "
                                    + left
                                    + " (sleep) outside of its group, which is killed");
        }
    }

    @Test
    void aRunNeverBeginsBesideWhatTheLastOneHasLeft() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(Config.script("web", LEAVES, Config.KEPT)))) {
            awaitUp(monitor, 1);
            int first = left;
            Signals.send(monitor.row("web").pid(), KILL);
            awaitUp(monitor, 2);
            assertThat(Proc.hasEnded(first)).isTrue();
            monitor.must("restart", "web");
            awaitUp(monitor, 3);
            assertThat(monitor.file("overlaps")).doesNotExist();
        }
    }

    @Test
    void aMonitorThatHasTakenOverFindsItToo() throws Exception {
        String configuration = Config.of(Config.script("web", LEAVES, Config.KEPT));
        try (TestMonitor killed = TestMonitor.start(folder, configuration)) {
            awaitUp(killed, 1);
            killed.kill();
            try (TestMonitor monitor = TestMonitor.start(folder, configuration)) {
                assertThat(monitor.row("web").runcount()).isEqualTo(1);
                assertThat(monitor.cli("stop", "web").code()).isZero();
                assertThat(Proc.hasEnded(left)).isTrue();
                assertThat(monitor.log()).contains("left pid " + left + " (sleep)");
            }
        }
    }

    private void awaitUp(TestMonitor monitor, int run) throws Exception {
        int pid = monitor.awaitRun("web", run).pid();
        patiently().until(() -> monitor.number("up") == pid);
        left = monitor.number("left");
    }
}
