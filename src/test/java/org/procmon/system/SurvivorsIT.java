package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.Cgroup;
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

    /** As {@code su -} and daemons do. */
    private static final String DAEMON =
            ": >$DIR/left; env -i setsid sh -c 'echo $$ >'$DIR'/left.new;"
                    + " mv '$DIR'/left.new '$DIR'/left; exec env -i sleep 1000' &"
                    + " while ! test -s $DIR/left; do sleep 0.01; done;"
                    + " echo $$ >$DIR/up; exec sleep 1000";

    /** What is started and orphaned before that is known by its variables alone. */
    private static final String ONCE_IN_ITS_CGROUP =
            "while ! grep -q procmon- /proc/$$/cgroup; do sleep 0.01; done; ";

    /** Its child leaves the group, and a child of its own in it, of which it never takes notice. */
    private static final String LEAVES_A_ZOMBIE =
            "perl -MPOSIX -e 'if (!fork) { exit 0 } setsid; open F, q(>), q('$DIR'/left);"
                    + " print F getpid; close F; sleep 1000' &"
                    + " while ! test -s $DIR/left; do sleep 0.01; done; echo $$ >$DIR/up; wait";

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
    void aStopKillsAndNamesProcessesOutsideOfTheGroup() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(Config.script("web", LEAVES)))) {
            awaitUp(monitor, 1);
            assertThat(monitor.cli("stop", "web").code()).isZero();
            assertThat(Proc.hasEnded(left)).isTrue();
            assertThat(monitor.log())
                    .contains(
                            "web left processes outside of its group, killing them left=\"pid "
                                    + left
                                    + " (sleep)\"");
        }
    }

    @Test
    void aRunStartsOnlyAfterEarlierProcessesAreGone() throws Exception {
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
                assertThat(monitor.log()).contains("left=\"pid " + left + " (sleep)");
            }
        }
    }

    @Test
    void findsAProcessWithoutVariablesByItsCgroup() throws Exception {
        assumeThat(Cgroup.ownFolder().filter(own -> Files.isWritable(Path.of(own))))
                .as("a cgroup of the second version in which others may be made")
                .isPresent();
        String script = ONCE_IN_ITS_CGROUP + DAEMON;
        String configuration = Config.of(Config.script("web", script, Config.KEPT));
        try (TestMonitor killed = TestMonitor.start(folder, configuration)) {
            awaitUp(killed, 1);
            assertThat(Proc.environment(left)).noneMatch(v -> v.startsWith("PROCMON"));
            killed.kill();
            try (TestMonitor monitor = TestMonitor.start(folder, configuration)) {
                assertThat(monitor.row("web").runcount()).isEqualTo(1);
                int first = left;
                monitor.must("restart", "web");
                awaitUp(monitor, 2);
                assertThat(Proc.hasEnded(first)).isTrue();
                assertThat(monitor.log()).contains("left=\"pid " + first + " (sleep)");
                assertThat(monitor.cli("stop", "web").code()).isZero();
                assertThat(Proc.hasEnded(left)).isTrue();
            }
        }
    }

    @Test
    void leavesProcessesThatMayStay() throws Exception {
        String stop = "'stop': {'kill_survivors': false}";
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(Config.script("web", DAEMON, stop)))) {
            awaitUp(monitor, 1);
            assertThat(monitor.cli("stop", "web").code()).isZero();
            assertThat(monitor.row("web").state()).isEqualTo("stopped");
            assertThat(Proc.hasEnded(left)).isFalse();
            Signals.send(left, KILL);
            patiently().until(() -> Proc.hasEnded(left));
        }
    }

    @Test
    void anUnreapedZombieDoesNotBlockAStop() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(Config.script("web", LEAVES_A_ZOMBIE)))) {
            awaitUp(monitor, 1);
            assertThat(monitor.cli("stop", "web").code()).isZero();
            assertThat(Proc.hasEnded(left)).isTrue();
            assertThat(monitor.log()).contains("left=\"pid " + left + " (perl)");
        }
    }

    private void awaitUp(TestMonitor monitor, int run) throws Exception {
        int pid = monitor.awaitRun("web", run).pid();
        patiently().until(() -> monitor.number("up") == pid);
        left = monitor.number("left");
    }
}
