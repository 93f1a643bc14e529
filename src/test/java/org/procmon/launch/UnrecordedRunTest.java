package org.procmon.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecBuilder;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.Ticks;
import org.procmon.output.OutputCapture;
import org.procmon.posix.Children;
import org.procmon.posix.Kin;
import org.procmon.posix.MidSpawn;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Processes;
import org.procmon.posix.Signals;
import org.procmon.supervise.port.Launcher.Found;
import org.procmon.supervise.port.Launcher.Launched;
import org.procmon.supervise.port.Launcher.Remains;

/** Runs that are in no record are found by their environment. */
@Timeout(120)
class UnrecordedRunTest {
    @TempDir Path folder = Path.of("");

    private final Kin kin = new Kin();
    private Map<String, String> environment = Map.of();

    @BeforeEach
    void nameTheStateFolder() {
        environment = Map.of("PATH", "/usr/bin:/bin", "PROCMON_STATE_DIR", folder.toString());
    }

    @AfterEach
    void end() {
        kin.end();
    }

    @Test
    void aRunIsFoundByNameNumberAndStateFolder() {
        ProcessSpec web = SpecBuilder.process("web").program("sleep", "1000").build();
        ProcessSpec other = SpecBuilder.process("other").program("sleep", "1000").build();
        PosixLauncher first = launcher(environment);
        Launched.Started started = (Launched.Started) first.launch(web, 7);
        try {
            assertThat(started.born()).isEqualTo(bornOf(started.pid()));
            assertThat(launcher(environment).find(web, 7)).isEqualTo(there(started));
            assertThat(launcher(environment).find(web, 6)).isEqualTo(new Found.NeverStarted());
            assertThat(launcher(environment).find(other, 7)).isEqualTo(new Found.NeverStarted());
            // Whose it is already need not find it.
            assertThat(first.find(web, 7)).isNotInstanceOf(Found.There.class);
            Map<String, String> elsewhere = Map.of("PROCMON_STATE_DIR", "/elsewhere");
            assertThat(launcher(elsewhere).find(web, 7)).isNotInstanceOf(Found.There.class);
        } finally {
            kill(started.pid());
        }
        // The child itself has left word that it was there.
        assertThat(launcher(environment).find(web, 7)).isEqualTo(new Found.Ended());
    }

    @Test
    void onlyTheLatestRunKeepsAProofThatItWasStarted() throws IOException {
        ProcessSpec web = SpecBuilder.process("web").program("true").build();
        PosixLauncher launcher = launcher(environment);
        for (int run = 1; run <= 3; run++) {
            kill(((Launched.Started) launcher.launch(web, run)).pid());
            assertThat(folder.resolve("started")).isDirectoryContaining("glob:**/web." + run);
            assertThat(folder.resolve("started").toFile().list()).hasSize(1);
        }
        // As of a monitor that died before it came to remove that.
        Files.createFile(folder.resolve("started/web.2"));
        assertThat(launcher(environment).find(web, 3)).isEqualTo(new Found.Ended());
        assertThat(folder.resolve("started").toFile().list()).containsExactly("web.3");
    }

    @Test
    void theLeaderIsTakenAndNotASessionThatItBegan() {
        // The younger one has the smaller number only if the numbers begin anew.
        Map<String, String> variables = variablesOfWeb();
        String script =
                """
                born() { cut -d' ' -f22 /proc/self/stat; }
                began=$(born)
                while [ $(born) = $began ]; do :; done
                setsid sleep 1000 & echo ready; exec sleep 1000
                """;
        int leader = kin.child(folder, variables, List.of("sh", "-c", script));
        kin.awaitOutput("ready");
        ProcessSpec web = SpecBuilder.process("web").build();
        assertThat(launcher(environment).find(web, 7))
                .isEqualTo(there(new Launched.Started(leader, bornOf(leader))));
        for (int pid : Processes.pids()) {
            if (pid != leader && Processes.beganWith(pid, List.of("PROCMON_STATE_DIR=" + folder))) {
                Signals.send(pid, 9);
            }
        }
    }

    /** It shows no environment at first, while the kernel loads its program. */
    @Test
    void findsARunThatHasJustStarted() {
        ProcessSpec web = SpecBuilder.process("web").program("sleep", "1000").build();
        for (int run = 1; run <= 50; run++) {
            int pid = ((Launched.Started) launcher(environment).launch(web, run)).pid();
            try {
                assertThat(launcher(environment).find(web, run))
                        .as("run %d", run)
                        .isEqualTo(there(new Launched.Started(pid, bornOf(pid))));
            } finally {
                kill(pid);
            }
        }
    }

    @Test
    void theGroupThatARunHasLeftIsFound() throws Exception {
        Map<String, String> variables = variablesOfWeb();
        String script = "sleep 1000 >/dev/null 2>&1 & echo $!; exit 3";
        int leader = kin.child(folder, variables, List.of("sh", "-c", script));
        kin.awaitOutput("\n");
        int left = Integer.parseInt(kin.output().strip());
        await().until(() -> Children.reap(leader).isPresent());
        ProcessSpec web = SpecBuilder.process("web").build();
        assertThat(launcher(environment).find(web, 7))
                .isEqualTo(there(new Launched.Started(leader, 0)));
        Signals.send(left, 9);
    }

    /** Its parent may be a monitor that has not come to reap it yet. */
    @Test
    void theGroupOfAZombieIsFoundWithItsLeaderAndIsNotEmpty() {
        String script = "sleep 1000 >/dev/null 2>&1 & echo $!; exit 3";
        int leader = kin.child(folder, variablesOfWeb(), List.of("sh", "-c", script));
        kin.awaitOutput("\n");
        int left = Integer.parseInt(kin.output().strip());
        await().until(() -> ProcessStat.of(leader).orElseThrow().hasEnded());
        ProcessSpec web = SpecBuilder.process("web").build();
        PosixLauncher launcher = launcher(environment);
        Launched.Started found = new Launched.Started(leader, bornOf(leader));
        assertThat(launcher.find(web, 7)).isEqualTo(there(found));

        Run run = new Run(leader, found.born(), 7, new Ticks(0));
        assertThat(launcher.adopt(web, run)).isTrue();
        await().until(() -> Children.reap(leader).isPresent());
        assertThat(isGone(launcher, run)).isFalse();
        Signals.send(left, 9);
    }

    /** The death of the monitor hit between the fork and the exec. */
    @Test
    void aChildThatIsJustExecutingItsProgramIsWaitedFor() throws Exception {
        Path gate = folder.resolve("gate");
        assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor()).isZero();
        Process monitor =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                MidSpawn.class.getName(),
                                gate.toString(),
                                "PROCMON_ID=web",
                                "PROCMON_RUN=7",
                                "PROCMON_STATE_DIR=" + folder)
                        .redirectErrorStream(true)
                        .start();
        int child =
                await().atMost(60, TimeUnit.SECONDS)
                        .until(() -> bareForkOf((int) monitor.pid()), Optional::isPresent)
                        .orElseThrow();
        monitor.destroyForcibly().waitFor();
        assertThat(ProcessStat.of(child).orElseThrow().isBareFork()).isTrue();

        ProcessSpec web = SpecBuilder.process("web").build();
        long born = bornOf(child);
        CompletableFuture<Found> found =
                CompletableFuture.supplyAsync(() -> launcher(environment).find(web, 7));
        // Lets it through.
        new FileOutputStream(gate.toFile()).close();
        assertThat(found.get(60, TimeUnit.SECONDS))
                .isEqualTo(there(new Launched.Started(child, born)));
        Signals.send(child, 9);
    }

    private static Optional<Integer> bareForkOf(int parent) {
        for (int pid : Processes.pids()) {
            Optional<ProcessStat> stat = ProcessStat.of(pid);
            if (stat.isPresent() && stat.get().parent() == parent && stat.get().isBareFork()) {
                return Optional.of(pid);
            }
        }
        return Optional.empty();
    }

    private Map<String, String> variablesOfWeb() {
        return Map.of(
                "PROCMON_ID", "web", "PROCMON_RUN", "7", "PROCMON_STATE_DIR", folder.toString());
    }

    private PosixLauncher launcher(Map<String, String> variables) {
        return new PosixLauncher(
                new Reaper(),
                new OutputCapture(folder.resolve("fifo"), folder),
                folder.resolve("started"),
                variables,
                Map.of());
    }

    private static Found there(Launched.Started started) {
        return new Found.There(started);
    }

    private static long bornOf(int pid) {
        return ProcessStat.of(pid).orElseThrow().born();
    }

    private static void kill(int pid) {
        Signals.send(pid, 9);
        await().until(() -> Children.reap(pid).isPresent());
    }

    private static boolean isGone(PosixLauncher launcher, Run run) {
        return launcher.remains(SpecBuilder.process("web").build(), run) instanceof Remains.Nothing;
    }
}
