package org.procmon.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Signal;
import org.procmon.config.SpecBuilder;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.Ticks;
import org.procmon.output.OutputCapture;
import org.procmon.posix.Kin;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Signals;
import org.procmon.supervise.port.ExitListener;
import org.procmon.supervise.port.Launcher;

/** Real processes that the launcher did not start: children of the test, and of others. */
@Timeout(120)
class AdoptionTest {
    /** Leaves a member of its group behind when it ends. */
    private static final String LEAVES_A_MEMBER = "sleep 1000 & echo ready; exec sleep 1000";

    private static final ProcessSpec WEB = SpecBuilder.process("web").build();

    private record Told(String name, long run, ExitStatus status, ResourceUsage usage) {}

    @TempDir Path folder = Path.of("");

    private final Kin kin = new Kin();
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private Reaper reaper = new Reaper();

    @SuppressWarnings("NullAway.Init")
    private PosixLauncher launcher;

    private Thread reaping = new Thread();

    /** Only now there is a folder of its own. */
    @BeforeEach
    void begin() {
        launcher = launcher(reaper);
    }

    @AfterEach
    void end() throws InterruptedException {
        reaping.interrupt();
        kin.end();
        reaping.join();
    }

    @Test
    void reapsAChildAndReportsItsExit() throws Exception {
        Run run = run(kin.child(folder, Kin.SEVEN_ON_TERM));
        kin.awaitOutput("ready");
        reap();
        assertThat(launcher.adopt(WEB, run)).isTrue();
        assertThat(launcher.signalLeader("web", run, Signal.TERM)).isTrue();
        assertThat(next().status()).isEqualTo(new ExitStatus.Exited(7));
        assertThat(isGone(launcher, run)).isTrue();
        assertThat(launcher.signalLeader("web", run, Signal.KILL)).isFalse();
    }

    @Test
    void reportsAChildThatHasExitedAlready() throws Exception {
        int pid = kin.child(folder, "exit 3");
        patiently().until(() -> ProcessStat.of(pid).filter(ProcessStat::hasEnded).isPresent());
        Run run = run(pid);
        assertThat(launcher.adopt(WEB, run)).isTrue();
        reap();
        assertThat(next()).isEqualTo(new Told("web", 5, new ExitStatus.Exited(3), last.usage()));
    }

    @Test
    void neitherAdoptsNorSignalsAnotherProcessWithThatPid() {
        int pid = kin.child(folder, "exec sleep 1000");
        int foreign = kin.grandchild(folder, "exec sleep 1000", Kin.REAPS);
        for (int unrelated : List.of(pid, foreign)) {
            Run real = run(unrelated);
            Run forged = new Run(unrelated, real.born() - 1, 5, new Ticks(0));
            assertThat(launcher.adopt(WEB, forged)).isFalse();
            assertThat(launcher.signalLeader("web", forged, Signal.KILL)).isFalse();
            launcher.signalGroup("web", forged, Signal.KILL);
            assertThat(isGone(launcher, forged)).isTrue();
            assertThat(ProcessStat.of(unrelated).orElseThrow().hasEnded()).isFalse();
        }
        assertThat(launcher.adopt(WEB, new Run(1, bornOf(1), 5, new Ticks(0)))).isFalse();
        assertThat(launcher.adopt(WEB, new Run(0x3fffffff, 1, 5, new Ticks(0)))).isFalse();
    }

    @Test
    void aProcessThatLeadsNoSessionIsNoRun() {
        kin.child(folder, "sleep 1000 & echo $!; wait");
        kin.awaitOutput("\n");
        int member = Integer.parseInt(kin.output().strip());
        assertThat(launcher.adopt(WEB, run(member))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void seesTheExitOfAnotherProcessesChild(boolean groupsByPidfd) throws Exception {
        start(groupsByPidfd);
        Run run = run(kin.grandchild(folder, Kin.SEVEN_ON_TERM, Kin.REAPS));
        kin.awaitOutput("ready");
        assertThat(launcher.adopt(WEB, run)).isTrue();
        assertThat(launcher.signalLeader("web", run, Signal.TERM)).isTrue();
        Told end = next();
        assertThat(end.name()).isEqualTo("web");
        assertThat(end.run()).isEqualTo(5);
        // Whether it is still a zombie when it is looked at is up to its parent, and whether its
        // status can be had afterwards is up to the kernel, from Linux 6.15 on.
        assertThat(end.status()).isIn(new ExitStatus.Exited(7), unlessKnown());
        patiently().until(() -> isGone(launcher, run));
        assertThat(launcher.signalLeader("web", run, Signal.KILL)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aZombieThatItsParentNeverReapsIsNoMember(boolean groupsByPidfd) throws Exception {
        start(groupsByPidfd);
        Run run = run(kin.grandchild(folder, LEAVES_A_MEMBER, Kin.NEVER_REAPS));
        kin.awaitOutput("ready");
        assertThat(launcher.adopt(WEB, run)).isTrue();

        assertThat(launcher.signalLeader("web", run, Signal.KILL)).isTrue();
        assertThat(next().status()).isEqualTo(new ExitStatus.Signaled(9));
        assertThat(ProcessStat.of(run.pid()).orElseThrow().hasEnded()).isTrue();
        assertThat(isGone(launcher, run)).isFalse();

        launcher.signalGroup("web", run, Signal.KILL);
        patiently().until(() -> isGone(launcher, run));
        assertThat(ProcessStat.of(run.pid())).isPresent();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void signalsTheGroupOfAReapedLeader(boolean groupsByPidfd) throws Exception {
        start(groupsByPidfd);
        Run run = run(kin.grandchild(folder, LEAVES_A_MEMBER, Kin.REAPS));
        kin.awaitOutput("ready");
        assertThat(launcher.adopt(WEB, run)).isTrue();
        launcher.signalLeader("web", run, Signal.KILL);
        assertThat(next().status()).isIn(new ExitStatus.Signaled(9), unlessKnown());
        patiently().until(() -> ProcessStat.of(run.pid()).isEmpty());
        assertThat(isGone(launcher, run)).isFalse();
        launcher.signalGroup("web", run, Signal.TERM);
        patiently().until(() -> isGone(launcher, run));
    }

    @Test
    void readsTheProcessorTimeOfAZombie() throws Exception {
        start(true);
        String busy = "echo ready; i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";
        Run run = run(kin.grandchild(folder, busy, Kin.NEVER_REAPS));
        assertThat(launcher.adopt(WEB, run)).isTrue();
        Told end = next();
        assertThat(end.status()).isEqualTo(new ExitStatus.Exited(0));
        assertThat(end.usage().user().plus(end.usage().system())).isPositive();
    }

    @Test
    void closesDescriptorsOfRunsThatExited() throws Exception {
        start(true);
        long before = pidfds();
        for (int i = 0; i < 5; i++) {
            Run run = run(kin.grandchild(folder, "exec sleep 1000", Kin.REAPS));
            assertThat(launcher.adopt(WEB, run)).isTrue();
            assertThat(pidfds()).isEqualTo(before + 1);
            launcher.signalGroup("web", run, Signal.KILL);
            next();
            patiently().until(() -> isGone(launcher, run));
            assertThat(pidfds()).isEqualTo(before);
        }
    }

    @Test
    void manyEndsAtOnceAreAllSeen() throws Exception {
        start(true);
        kin.child(
                folder,
                Map.of(),
                List.of(
                        "sh",
                        "-c",
                        "i=0; while [ $i -lt 100 ]; do setsid sleep 1000 & echo $!; i=$((i+1));"
                                + " done; exec sleep 1000"));
        patiently().until(() -> kin.output().lines().count() == 100);
        List<Integer> pids = kin.output().lines().map(Integer::valueOf).toList();
        for (int pid : pids) {
            patiently()
                    .until(() -> ProcessStat.of(pid).filter(ProcessStat::leadsSession).isPresent());
            assertThat(launcher.adopt(WEB, run(pid))).isTrue();
        }
        for (int pid : pids) {
            launcher.signalGroup("web", run(pid), Signal.KILL);
        }
        for (int pid : pids) {
            assertThat(next().status()).isEqualTo(new ExitStatus.Signaled(9));
            assertThat(ProcessStat.of(pid)).isPresent();
        }
        for (int pid : pids) {
            Run run = run(pid);
            patiently().until(() -> isGone(launcher, run));
        }
    }

    @Test
    void reportsALaterOrphanOnce() throws Exception {
        ForeignRunWatcher foreignRunWatcher = new ForeignRunWatcher(true);
        Run run = run(kin.grandchild(folder, "exec sleep 1000", Kin.REAPS));
        foreignRunWatcher.begin(listener(), null);
        assertThat(
                        foreignRunWatcher.watch(
                                new ForeignRun(
                                        new Reaper.RunKey("web", 5),
                                        run.pid(),
                                        run.born(),
                                        ForeignRun.Kind.LEADER)))
                .isTrue();

        assertThat(foreignRunWatcher.claim(run.pid())).contains(new Reaper.RunKey("web", 5));
        assertThat(foreignRunWatcher.claim(run.pid())).isEmpty();

        assertThat(foreignRunWatcher.signalLeader(run, Signal.TERM)).isFalse();
        foreignRunWatcher.signalGroup(run, Signal.KILL);
        patiently().until(() -> foreignRunWatcher.isGroupEmpty(run));
        assertThat(told).isEmpty();
    }

    @Test
    void remembersARunFoundInTheWarmUp() throws Exception {
        AdoptionWarmup adoptionWarmup = new AdoptionWarmup();
        Run child = run(kin.child(folder, Kin.SEVEN_ON_TERM));
        kin.awaitOutput("ready");
        Run other = run(kin.grandchild(folder, "exec sleep 1000", Kin.REAPS));
        assertThat(adoptionWarmup.adopt(WEB, child)).isTrue();
        assertThat(adoptionWarmup.adopt(WEB, other)).isTrue();
        Run neither = new Run(other.pid(), other.born() + 1, other.number(), other.started());
        assertThat(adoptionWarmup.adopt(WEB, neither)).isFalse();
        assertThat(adoptionWarmup.adopt(WEB, other)).isTrue();
        Signals.send(other.pid(), 9);
        patiently().until(() -> ProcessStat.of(other.pid()).isEmpty());

        reaper = new Reaper(adoptionWarmup);
        launcher = launcher(reaper);
        reap();
        assertThat(launcher.adopt(WEB, child)).isTrue();
        assertThat(launcher.adopt(WEB, other)).isTrue();
        adoptionWarmup.end();

        Told first = next();
        assertThat(first.status())
                // From Linux 6.15 on.
                .isIn(new ExitStatus.Signaled(9), new ExitStatus.Unknown());
        assertThat(launcher.signalLeader("web", child, Signal.TERM)).isTrue();
        assertThat(next().status()).isEqualTo(new ExitStatus.Exited(7));
    }

    /** Its parent has left the group, and does not reap it. */
    @Test
    void aZombieThatALostRunHasLeftIsNotWaitedFor() throws Exception {
        String script =
                """
                pipe(R, W); my $group = getpgrp(0);
                if (!fork) {
                    setpgrp(0, 0);
                    if (!fork) { setpgrp(0, $group); syswrite(W, "joined"); exit 0 }
                    $| = 1; print "$$\n"; exec "sleep", "1000";
                }
                sysread(R, $_, 6);
                """;
        int leader = kin.child(folder, Map.of(), List.of("perl", "-e", script));
        long born = bornOf(leader);
        kin.awaitOutput("\n");
        int parent = Integer.parseInt(kin.output().strip());
        try {
            start(true);
            patiently().until(() -> ProcessStat.of(leader).isEmpty());
            assertThat(Signals.groupExists(leader)).isTrue();

            Run lost = new Run(leader, born, 5, new Ticks(0));
            assertThat(launcher.adopt(WEB, lost)).isFalse();
            assertThat(isGone(launcher, lost)).isTrue();
        } finally {
            Signals.send(parent, 9);
        }
    }

    private Told last = new Told("", 0, new ExitStatus.Unknown(), ResourceUsage.NONE);

    private Told next() throws InterruptedException {
        Told next = told.poll(60, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        last = next;
        return next;
    }

    private void start(boolean groupsByPidfd) {
        reaper = new Reaper(new ForeignRunWatcher(groupsByPidfd), new AdoptionWarmup());
        launcher = launcher(reaper);
        reap();
    }

    private void reap() {
        reaping = Thread.ofPlatform().daemon().start(() -> reaper.reapFor(listener()));
    }

    private ExitListener listener() {
        return new ExitListener() {
            @Override
            public void leaderExited(
                    String name, long run, ExitStatus status, ResourceUsage resourceUsage) {
                told.add(new Told(name, run, status, resourceUsage));
            }

            @Override
            public void strangerExited() {}
        };
    }

    private PosixLauncher launcher(Reaper reaper) {
        return new PosixLauncher(
                reaper,
                new OutputCapture(folder.resolve("fifo"), folder),
                folder.resolve("started"),
                Map.of(),
                Map.of());
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(5));
    }

    private static Run run(int pid) {
        return new Run(pid, bornOf(pid), 5, new Ticks(0));
    }

    private static long bornOf(int pid) {
        return ProcessStat.of(pid).orElseThrow().born();
    }

    private static ExitStatus unlessKnown() {
        String[] version = System.getProperty("os.version").split("[.-]", -1);
        int major = Integer.parseInt(version[0]);
        boolean known = major > 6 || (major == 6 && Integer.parseInt(version[1]) >= 15);
        return known ? new ExitStatus.Exited(7) : new ExitStatus.Unknown();
    }

    private static long pidfds() throws IOException {
        long count = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : open) {
                if (Files.isSymbolicLink(descriptor) && target(descriptor).contains("pidfd")) {
                    count++;
                }
            }
        }
        return count;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException _) {
            // It was closed in the meantime.
            return "";
        }
    }

    private static boolean isGone(PosixLauncher launcher, Run run) {
        return launcher.remains(WEB, run) instanceof Launcher.Remains.Nothing;
    }
}
