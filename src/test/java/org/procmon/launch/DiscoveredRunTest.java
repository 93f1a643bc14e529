package org.procmon.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Fifo;
import org.procmon.posix.Kin;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Processes;
import org.procmon.posix.Signals;

class DiscoveredRunTest {
    @TempDir Path folder = Path.of("");

    private final Kin kin = new Kin();

    @AfterEach
    void end() {
        kin.end();
    }

    @Test
    void findsTheLatestRunOfEachProcessOfThisMonitor() {
        started("web", "3");
        int latest = started("web", "10");
        int mail = started("mail", "1");
        started("none", "");
        started("bad", "7x");
        started("huge", "99999999999999999999");
        started("../etc", "1");
        assertThat(found()).isEqualTo(Map.of("web", run(10, latest), "mail", run(1, mail)));
        Path elsewhere = folder.resolve("elsewhere");
        assertThat(DiscoveredRun.all(elsewhere, elsewhere.resolve("fifo"))).isEmpty();
    }

    @Test
    void takesTheOldestSessionLeaderForTheFirstProcessOfARun() {
        int first = started("web", "3", "setsid sleep 1000 & echo $!; exec sleep 1000");
        kin.awaitOutput("\n");
        int younger = Integer.parseInt(kin.output().strip());
        await().until(() -> ProcessStat.of(younger).orElseThrow().leadsSession());
        assertThat(found()).isEqualTo(Map.of("web", run(3, first)));
        Signals.send(younger, 9);
    }

    @Test
    void findsAGroupWithoutItsLeader() {
        int leader = started("web", "3", "sleep 1000 & echo $!; exit");
        int left = Integer.parseInt(kin.output().strip());
        await().until(() -> ProcessStat.of(leader).filter(s -> !s.hasEnded()).isEmpty());
        assertThat(found())
                .isEqualTo(
                        Map.of(
                                "web",
                                new DiscoveredRun(
                                        "web", 3, leader, 0, CurrentProcess.uid(), false)));
        Signals.send(left, 9);
    }

    @Test
    void findsByItsFifoAProgramThatClearedItsEnvironment() throws IOException {
        Path fifos = Files.createDirectory(folder.resolve("fifo"));
        Path fifo = fifos.resolve("web.out");
        Fifo.open(fifo.toString());
        int pid =
                kin.child(
                        folder,
                        Map.of(),
                        List.of("env", "-i", "sh", "-c", "echo; exec sleep 1000 1<>" + fifo));
        kin.awaitOutput("\n");
        await().until(() -> Processes.file(pid, 1).equals(Optional.of(fifo.toString())));
        assertThat(found().get("web"))
                .isEqualTo(
                        new DiscoveredRun(
                                "web",
                                DiscoveredRun.UNKNOWN,
                                pid,
                                born(pid),
                                CurrentProcess.uid(),
                                true));
    }

    private Map<String, DiscoveredRun> found() {
        return DiscoveredRun.all(folder, folder.resolve("fifo"));
    }

    private static DiscoveredRun run(long number, int pid) {
        String name = number == 1 ? "mail" : "web";
        return new DiscoveredRun(name, number, pid, born(pid), CurrentProcess.uid(), false);
    }

    private static long born(int pid) {
        return ProcessStat.of(pid).orElseThrow().born();
    }

    private int started(String name, String number) {
        return started(name, number, "echo; exec sleep 1000");
    }

    private int started(String name, String number, String script) {
        Map<String, String> variables = new HashMap<>();
        variables.put(PosixLauncher.ID_VARIABLE, name);
        variables.put(PosixLauncher.RUN_VARIABLE, number);
        variables.put(PosixLauncher.STATE_VARIABLE, folder.toString());
        int pid = kin.child(folder, variables, List.of("sh", "-c", script));
        kin.awaitOutput("\n");
        return pid;
    }
}
