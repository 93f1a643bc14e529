package org.procmon.pair;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.ControlSpec;
import org.procmon.config.Exec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.StopPlan;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Kin;
import org.procmon.posix.ProcessStat;
import org.procmon.supervise.port.JournalEntry;

class RunDiscoveryTest {
    private static final Ticks NOW = new Ticks(0);
    private static final Exec EXEC = new Exec("sleep 1000", List.of("sleep", "1000"));
    private static final MonitorSpec SPEC =
            new MonitorSpec(
                    ControlSpec.DEFAULT,
                    List.of(ProcessSpec.of("web", EXEC, RestartPolicy.ALWAYS, StopPlan.DEFAULT)));

    @TempDir Path folder = Path.of("");

    private final Kin kin = new Kin();

    @BeforeEach
    void makeFolder() throws IOException {
        Files.createDirectory(folder.resolve(MonitorContext.START_MARKERS));
    }

    @AfterEach
    void end() {
        kin.end();
    }

    @Test
    void findsARunThatNoRecordNames() {
        int pid = started(3);

        JournalEntry journalEntry = completed(List.of()).getFirst();

        assertThat(journalEntry.process().state().run().orElseThrow().pid()).isEqualTo(pid);
        assertThat(journalEntry.process().tally().runs()).isEqualTo(3);
    }

    @Test
    void countsOnFromTheProofOfARunThatIsGone() throws IOException {
        proof(5);
        JournalEntry old = stopped(2, OptionalLong.empty());

        JournalEntry journalEntry = completed(List.of(old)).getFirst();

        assertThat(journalEntry.process().state().run()).isEmpty();
        assertThat(journalEntry.process().tally().runs()).isEqualTo(5);
    }

    /** The proof is one of an earlier process of that name, which was removed and came back. */
    @Test
    void keepsARecordedLiveRunWithAnyMarkers() throws IOException {
        int pid = started(1);
        proof(5);
        long born = ProcessStat.of(pid).orElseThrow().born();
        Run run = new Run(pid, born, 1, NOW);
        RunCounters runCounters = new RunCounters(1, pid, Optional.empty(), Optional.empty(), 0);
        JournalEntry recorded =
                kept(
                        new ProcessStatus(Goal.UP, new ProcessState.Running(run), runCounters),
                        OptionalLong.empty());

        assertThat(completed(List.of(recorded))).containsExactly(recorded);
    }

    @Test
    void keepsAStartUnderWayWithAnyMarkers() throws IOException {
        proof(5);
        JournalEntry starting = stopped(0, OptionalLong.of(1));

        assertThat(completed(List.of(starting))).containsExactly(starting);
    }

    private List<JournalEntry> completed(List<JournalEntry> past) {
        return new RunDiscovery(folder, CurrentProcess.uid(), NOW)
                .completed(SPEC, List.of(), past, true);
    }

    private static JournalEntry stopped(long runs, OptionalLong intended) {
        RunCounters runCounters = new RunCounters(runs, 0, Optional.empty(), Optional.empty(), 0);
        ProcessState down = new ProcessState.Stopped(StopReason.NEVER_STARTED, NOW);
        return kept(new ProcessStatus(Goal.UP, down, runCounters), intended);
    }

    private static JournalEntry kept(ProcessStatus process, OptionalLong intended) {
        return new JournalEntry("web", EXEC, StopPlan.DEFAULT, process, intended);
    }

    private void proof(long run) throws IOException {
        Files.createFile(folder.resolve(MonitorContext.START_MARKERS).resolve("web." + run));
    }

    private int started(long run) {
        Map<String, String> variables =
                Map.of(
                        "PROCMON_ID",
                        "web",
                        "PROCMON_RUN",
                        Long.toString(run),
                        "PROCMON_STATE_DIR",
                        folder.toString());
        int pid =
                kin.child(folder, variables, List.of("sh", "-c", "echo started; exec sleep 1000"));
        kin.awaitOutput("\n");
        return pid;
    }
}
