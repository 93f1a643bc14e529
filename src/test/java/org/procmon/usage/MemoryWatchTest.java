package org.procmon.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.procmon.config.SpecBuilder.process;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.ProcessStat;
import org.procmon.status.ProcessView;

class MemoryWatchTest {
    private static final Ticks NOW = new Ticks(0);
    private static final long MIB = 1 << 20;

    private final List<String> reports = new CopyOnWriteArrayList<>();

    @Test
    void reportsOnlyProcessesAboveTheirLimit() {
        MemoryWatch watch = watch(Map.of(7, 3 * MIB, 8, 3 * MIB + 1, 9, 99 * MIB));
        watch.look(running("small", 7, 3 * MIB));
        watch.look(running("large", 8, 3 * MIB));
        watch.look(running("gone", 6, 3 * MIB));
        await().until(() -> reports.size() > 2);
        assertThat(reports).containsOnly("large " + new Event.MemoryExceeded(4, 3 * MIB + 1));
    }

    @Test
    void doesNotMeasureWithoutLimits() {
        MemoryWatch watch = watch(Map.of(7, 3 * MIB));
        watch.look(view(process("free").build(), 7));
        watch.look(running("web", 7, MIB));
        await().until(() -> !reports.isEmpty());
        watch.look(view(process("web").build(), 7));
        await().until(this::isQuiet);
        watch.look(running("web", 7, MIB));
        await().until(() -> !isQuiet());
        ProcessSpec bounded = process("web").memoryMax(MIB).build();
        ProcessStatus down = ProcessStatus.unstarted(StopReason.OPERATOR, NOW);
        watch.look(view(bounded, down));
        await().until(this::isQuiet);
    }

    /** Its thread has ended. */
    private boolean isQuiet() {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("memory"));
    }

    @Test
    void theMemoryOfThisSessionIsThatOfThisProcessAtLeast() {
        int session = ProcessStat.of(CurrentProcess.pid()).orElseThrow().session();
        assertThat(SessionScan.memory().get(session)).isGreaterThan(16 * MIB);
    }

    private MemoryWatch watch(Map<Integer, Long> memory) {
        return new MemoryWatch(
                (name, event) -> reports.add(name + " " + event),
                () -> memory,
                Duration.ofMillis(1),
                (_, e) -> reports.add(e.toString()));
    }

    private static ProcessView running(String name, int pid, long most) {
        return view(process(name).memoryMax(most).build(), pid);
    }

    private static ProcessView view(ProcessSpec spec, int pid) {
        Run run = new Run(pid, 1, 4, NOW);
        return view(
                spec, new ProcessStatus(Goal.UP, new ProcessState.Running(run), RunCounters.NONE));
    }

    private static ProcessView view(ProcessSpec spec, ProcessStatus process) {
        return new ProcessView(spec, process, List.of());
    }
}
