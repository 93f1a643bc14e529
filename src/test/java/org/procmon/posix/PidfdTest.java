package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The group by pidfd is Linux 6.9, the status after the reaping 6.15; what older kernels say is
 * said here too.
 */
class PidfdTest {
    @TempDir Path folder = Path.of("");

    private final Kin kin = new Kin();

    @AfterEach
    void end() {
        kin.end();
    }

    @Test
    void aProcessIsSignalledUntilItIsReaped() {
        int pid = kin.child(folder, "exec sleep 1000");
        try (Pidfd pidfd = open(pid)) {
            assertThat(pidfd.send(0)).isTrue();
            assertThat(pidfd.send(15)).isTrue();
            await().until(() -> Children.reap(pid), e -> e.isPresent() && e.get().signal() == 15);
            assertThat(pidfd.send(0)).isFalse();
        }
        assertThat(Pidfd.open(pid)).isEqualTo(new Pidfd.Result.Gone());
    }

    @Test
    void aGroupIsHeldBeyondItsLeader() {
        int pid = kin.child(folder, "sleep 1000 & exit 0");
        try (Pidfd pidfd = open(pid)) {
            await().until(() -> Children.reap(pid).isPresent());
            assertThat(pidfd.send(0)).isFalse();
            if (Pidfd.canSignalGroups()) {
                assertThat(pidfd.groupExists()).isTrue();
                assertThat(pidfd.sendToGroup(9)).isTrue();
            } else {
                assertThat(pidfd.sendToGroup(9)).isFalse();
                Signals.sendToGroup(pid, 9);
            }
            await().until(() -> !hasLiveMembers(pid));
        }
    }

    @Test
    void reportsTheStatusOfANonChild() {
        int pid = kin.grandchild(folder, Kin.SEVEN_ON_TERM, Kin.REAPS);
        kin.awaitOutput("ready");
        try (Pidfd pidfd = open(pid)) {
            assertThat(pidfd.reapedStatus()).isEmpty();
            assertThat(pidfd.send(15)).isTrue();
            await().until(() -> !pidfd.send(0));
            assertThat(pidfd.reapedStatus())
                    .isIn(OptionalInt.of(7 << 8), knowsReaped() ? null : OptionalInt.empty());
        }
    }

    @Test
    void reportsEachWatchedExitOnce() {
        int first = kin.child(folder, "exec sleep 1000");
        int second = kin.child(folder, "exec sleep 1000");
        try (ProcessExitPoller processExitPoller = new ProcessExitPoller();
                Pidfd a = open(first);
                Pidfd b = open(second)) {
            processExitPoller.add(a, 1);
            processExitPoller.add(b, 2);
            assertThat(processExitPoller.await(0)).isEmpty();
            a.send(9);
            assertThat(processExitPoller.await(ProcessExitPoller.FOR_EVER)).containsExactly(1);
            assertThat(processExitPoller.await(0)).isEmpty();
            processExitPoller.remove(b);
            b.send(9);
            processExitPoller.wake();
            assertThat(processExitPoller.await(ProcessExitPoller.FOR_EVER)).containsExactly(-1);
            assertThat(processExitPoller.await(0)).isEmpty();
        }
    }

    private static boolean hasLiveMembers(int group) {
        for (int pid : Processes.pids()) {
            if (ProcessStat.of(pid).filter(s -> s.group() == group && !s.hasEnded()).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static Pidfd open(int pid) {
        return ((Pidfd.Result.Opened) Pidfd.open(pid)).pidfd();
    }

    private static boolean knowsReaped() {
        String[] version = System.getProperty("os.version").split("[.-]", -1);
        int major = Integer.parseInt(version[0]);
        return major > 6 || (major == 6 && Integer.parseInt(version[1]) >= 15);
    }
}
