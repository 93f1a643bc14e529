package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupTest {
    private static final int EBUSY = 16;

    @TempDir Path folder = Path.of("");

    private final Kin kin = new Kin();
    private String own = "";
    private String made = "";

    @BeforeEach
    void make() {
        Optional<String> found = Cgroup.ownFolder();
        assumeThat(found).as("cgroups of the second version").isPresent();
        own = found.orElseThrow();
        made = own + "/procmon-test-" + CurrentProcess.pid() + "-" + System.nanoTime();
        assumeThat(Cgroup.make(made)).as("right to make a cgroup").isEmpty();
    }

    @AfterEach
    void end() {
        kin.end();
        // Until the kernel has let go of the last process.
        await().until(() -> Cgroup.remove(made).filter(e -> e.number() == EBUSY).isEmpty());
    }

    @Test
    void childrenOfAMovedProcessAreInItsCgroup() {
        int pid = kin.child(folder, "read line </dev/null; sleep 1000 & echo $!; wait");
        kin.awaitOutput("\n");
        int before = Integer.parseInt(kin.output().strip());
        int moved =
                kin.child(
                        folder,
                        "while ! grep -q procmon-test /proc/$$/cgroup; do sleep 0.01; done; setsid sleep 1000 & echo $!; wait");
        assertThat(Cgroup.move(moved, made)).isEmpty();
        kin.awaitOutput("\n");
        int child = Integer.parseInt(kin.output().strip());
        try {
            assertThat(Cgroup.of(child)).isEqualTo(Cgroup.of(moved)).isNotEqualTo(Cgroup.of(pid));
            assertThat(made).endsWith(Cgroup.of(child).orElseThrow());
            assertThat(Cgroup.of(before)).isEqualTo(Cgroup.of(CurrentProcess.pid()));
            assertThat(Cgroup.remove(made)).contains(new Errno(EBUSY));
        } finally {
            Signals.send(child, 9);
            Signals.send(before, 9);
        }
    }

    @Test
    void makingAnExistingCgroupSucceeds() {
        assertThat(Cgroup.make(made)).isEmpty();
        assertThat(Cgroup.make(made + "/nowhere/further")).contains(Errno.ENOENT);
    }

    @Test
    void doesNotMoveAnExitedProcess() {
        int pid = kin.child(folder, "exit 0");
        await().until(() -> Children.awaitAnyEnded().equals(OptionalInt.of(pid)));
        Children.reap(pid);
        assertThat(Cgroup.move(pid, made)).contains(Errno.NO_PROCESS);
        assertThat(Cgroup.of(pid)).isEmpty();
        assertThat(Cgroup.move(CurrentProcess.pid(), made + "/nowhere")).contains(Errno.ENOENT);
    }
}
