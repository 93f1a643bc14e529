package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.status.fields.ProcessRow;

/** Processes that the monitor did not start, and yet inherits. */
@Timeout(60)
class StrangersIT {
    @TempDir Path folder = Path.of("");

    @Test
    void anOrphanLeftToTheMonitorIsReapedAndNothingIsRestarted() throws Exception {
        String leavesAnOrphan =
                "(setsid sh -c 'echo $$ >$DIR/orphan; exec sleep 1000' &); exec sleep 1000";
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder, Config.of(Config.script("one", leavesAnOrphan, Config.KEPT)))) {
            ProcessRow before = monitor.awaitRun("one", 1);
            int orphan = monitor.number("orphan");
            patiently().until(() -> Proc.stat(orphan).orElseThrow().parent() == monitor.pid());

            TestProduct.signal("KILL", orphan);

            patiently().until(() -> !Proc.exists(orphan));
            assertThat(monitor.row("one").pid()).isEqualTo(before.pid());
            assertThat(monitor.row("one").runcount()).isEqualTo(1);
        }
    }

    @Test
    void theExitOfAChildIsSeenAtOnceWhileADaemonOfItsHoldsItsOutput() throws Exception {
        String leavesADaemon =
                "[ -e $DIR/daemon ] && exec sleep 1000;"
                        + " setsid sh -c 'echo $$ >$DIR/daemon; exec sleep 1000' &"
                        + " while [ ! -s $DIR/daemon ]; do sleep 0.01; done; exit 3";
        String leaver =
                Config.script(
                        "leaver", leavesADaemon, Config.KEPT, "'stop': {'kill_survivors': false}");
        try (TestMonitor monitor = TestMonitor.start(folder, Config.of(leaver))) {
            ProcessRow again = monitor.awaitRun("leaver", 2);

            int daemon = monitor.number("daemon");
            assertThat(Proc.descriptors(daemon).get(1)).endsWith("/fifo/leaver.out");
            assertThat(again.lastExit().orElseThrow().code()).hasValue(3);
            TestProduct.signal("KILL", daemon);
            patiently().until(() -> !Proc.exists(daemon));
        }
    }

    @Test
    void asPidOneItReapsStrangersAndStopsBySigterm() throws Exception {
        String configuration =
                Config.of(Config.script("one", "(setsid sleep 0.2 &); exec sleep 1000"));
        TestMonitor namespace = startAsPidOne(configuration);
        try (namespace) {
            int init = Proc.children(namespace.pid()).getFirst().pid();
            assertThat(Proc.status(init, "NSpid")).endsWith("\t1");
            namespace.awaitRun("one", 1);
            // The launcher stays, and the monitor is its child.
            int monitor = Proc.children(init).getFirst().pid();
            patiently().until(() -> Proc.supervised(monitor).size() == 1);

            namespace.must("stop", "one");
            assertThat(Proc.supervised(monitor)).isEmpty();
            leaveAStrangerTo(init);

            patiently().until(() -> Files.exists(folder.resolve("stranger")));
            patiently().until(() -> Proc.children(init).size() == 1);
            namespace.must("start", "one");
            TestProduct.signal("TERM", init);
            assertThat(namespace.awaitExit(Duration.ofSeconds(10))).isZero();
        }
    }

    private TestMonitor startAsPidOne(String configuration) throws Exception {
        Path file = Files.writeString(folder.resolve("procmon.json"), configuration);
        List<String> unshare =
                new ArrayList<>(
                        List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child"));
        if (!isRoot()) {
            unshare.add("-Ur");
        }
        return TestMonitor.start(folder, unshare, "-f", file.toString());
    }

    /** Lets a process from outside become a child of pid 1. */
    private void leaveAStrangerTo(int monitor) throws Exception {
        List<String> command = new ArrayList<>(List.of("nsenter", "-p", "-m"));
        if (!isRoot()) {
            command.addAll(List.of("-U", "--preserve-credentials"));
        }
        command.addAll(List.of("-t", String.valueOf(monitor), "sh", "-c"));
        command.add("(sleep 0.3; echo done >" + folder + "/stranger) & :");
        assertThat(TestProduct.run(new ProcessBuilder(command))).isEqualTo(new Outcome(0, "", ""));
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }
}
