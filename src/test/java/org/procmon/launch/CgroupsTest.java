package org.procmon.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.launch.Reaper.RunKey;
import org.procmon.posix.Cgroup;
import org.procmon.posix.Kin;
import org.procmon.posix.ProcessStat;

class CgroupsTest {
    private static final RunKey RUN = new RunKey("web.1", 7);

    @TempDir Path folder = Path.of("");

    private final Kin kin = new Kin();
    private final Reaper reaper = new Reaper();
    private Cgroups cgroups = Cgroups.none(reaper);

    @BeforeEach
    void begin() {
        assumeThat(Cgroup.ownFolder().filter(own -> Files.isWritable(Path.of(own))))
                .as("a cgroup of the second version in which others may be made")
                .isPresent();
        cgroups = cgroupsOf(folder);
    }

    @AfterEach
    void end() throws InterruptedException {
        kin.end();
        cgroups.end();
    }

    @Test
    void aCgroupHoldsTheRunAndItsChildrenOnly() {
        int pid = started(RUN);
        cgroups.enter(RUN, pid);
        await().until(() -> cgroups.isIn(pid, RUN));
        assertThat(cgroups.isIn(pid, new RunKey("web.1", 70))).isFalse();
        assertThat(cgroups.isIn(pid, new RunKey("1", 7))).isFalse();
        assertThat(cgroups.isIn(started(new RunKey("mail", 1)), RUN)).isFalse();
        String inner = path(pid) + "/inner";
        assertThat(Cgroup.make(inner)).isEmpty();
        assertThat(Cgroup.move(pid, inner)).isEmpty();
        assertThat(cgroups.isIn(pid, RUN)).isTrue();
        kin.end();
        await().until(() -> Cgroup.remove(inner).isEmpty());
    }

    @Test
    void theNextMonitorOfTheDirectoryFindsItsCgroups() {
        int pid = started(RUN);
        cgroups.enter(RUN, pid);
        await().until(() -> cgroups.isIn(pid, RUN));
        assertThat(cgroupsOf(folder).isIn(pid, RUN)).isTrue();
        assertThat(cgroupsOf(folder.resolve("other")).isIn(pid, RUN)).isFalse();
    }

    @Test
    void theCgroupOfARunOfWhichNothingIsLeftIsRemoved() {
        int pid = started(RUN);
        cgroups.enter(RUN, pid);
        await().until(() -> cgroups.isIn(pid, RUN));
        Path cgroup = Path.of(path(pid));
        kin.end();
        cgroups.leave(RUN);
        await().until(() -> !Files.exists(cgroup));
        assertThat(cgroup.getParent()).exists();
    }

    @Test
    void removesCgroupsOfAKilledMonitor() throws Exception {
        int pid = started(RUN);
        cgroups.enter(RUN, pid);
        await().until(() -> cgroups.isIn(pid, RUN));
        Path left = Path.of(path(pid));
        kin.end();
        Cgroups next = cgroupsOf(folder);
        RunKey other = new RunKey("mail", 1);
        int running = started(other);
        next.enter(other, running);
        await().until(() -> next.isIn(running, other));
        assertThat(left).doesNotExist();
        kin.end();
        next.end();
        assertThat(left.getParent()).doesNotExist();
    }

    @Test
    void anExitedProcessDoesNotDisableCgroups() {
        cgroups.enter(new RunKey("gone", 1), 0x3fffffff);
        int pid = started(RUN);
        cgroups.enter(RUN, pid);
        await().until(() -> cgroups.isIn(pid, RUN));
    }

    private Cgroups cgroupsOf(Path state) {
        return new Cgroups(state, reaper, (_, bug) -> bug.printStackTrace());
    }

    private int started(RunKey run) {
        int pid = kin.child(folder, "exec sleep 1000");
        long born = ProcessStat.of(pid).orElseThrow().born();
        await().until(() -> reaper.adopt(run, pid, born));
        return pid;
    }

    private static String path(int pid) {
        String own = Cgroup.ownFolder().orElseThrow();
        String within = Cgroup.of(pid).orElseThrow();
        String base = Cgroup.of((int) ProcessHandle.current().pid()).orElseThrow();
        return own + within.substring(base.equals("/") ? 0 : base.length());
    }
}
