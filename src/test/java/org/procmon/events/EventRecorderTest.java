package org.procmon.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Signal;
import org.procmon.config.SpecBuilder;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.RecentRuns;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.RunHealth;
import org.procmon.lifecycle.RunHealth.Condition;
import org.procmon.lifecycle.RunHealth.Health;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.ProcessView;
import org.procmon.supervise.feature.Change;

class EventRecorderTest {
    private static final Ticks NOW = new Ticks(0);
    private static final Run RUN = new Run(42, 1, 1, NOW);
    private static final ProcessSpec SPEC = SpecBuilder.process("web").build();

    private final EventLog eventLog = new EventLog(() -> NOW, InstantSource.system());
    private final long begin = eventLog.last();
    private final EventRecorder eventRecorder =
            new EventRecorder(eventLog, name -> !name.equals("hidden"));
    private ProcessStatus process = process(new Running(RUN), RunCounters.NONE, RunHealth.NONE);

    @Test
    void whatLookingAtItShowsIsNoticedWhenItChanges() {
        health(true, 0, "");
        health(true, 1, "no answer");
        health(true, 2, "no answer");
        health(true, 0, "");
        health(true, 0, "cannot be probed: no room");
        health(true, 0, "");
        assertThat(texts())
                .containsExactly(
                        "web: unhealthy, no answer",
                        "web: healthy again",
                        "web: its health is unknown, cannot be probed: no room",
                        "web: healthy again");
    }

    @Test
    void recordsNotificationsOfARun() {
        become(vitals(Condition.RELOADING, Optional.empty(), Optional.empty()));
        become(RunHealth.NONE);
        become(vitals(Condition.LEAVING, Optional.of("a message of process 7"), Optional.empty()));
        become(
                vitals(
                        Condition.LEAVING,
                        Optional.of("a message of process 7"),
                        Optional.of("a, b")));
        assertThat(texts())
                .containsExactly(
                        "web: reported that it is reloading",
                        "web: reported that it is ready again",
                        "web: reported that it is stopping",
                        "web: a message was ignored, a message of process 7",
                        "web: left processes outside of its group, which are killed, a, b");
    }

    @Test
    void theEndOfARunTakesNothingBack() {
        become(vitals(Condition.RELOADING, Optional.empty(), Optional.empty()));
        health(true, 1, "no answer");
        long before = eventLog.last();
        change(process(new ProcessState.Waiting(NOW), RunCounters.NONE, RunHealth.NONE));
        assertThat(eventLog.after(before, 9).events())
                .singleElement()
                .extracting(NumberedEvent::what)
                .isInstanceOf(MonitorEvent.Changed.class);
    }

    @Test
    void aStartThatIsLeftOutAndASignalAreNoticed() {
        RunCounters skipped =
                new RunCounters(
                        1,
                        42,
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        List.of(),
                        new RecentRuns(List.of(), 1));
        change(process(new Running(RUN), skipped, RunHealth.NONE));
        eventRecorder.on(new Change.SignalSent(view(process), Signal.HUP));
        assertThat(texts())
                .containsExactly(
                        "web: a start by its schedule was skipped, the last run is still going",
                        "web: was sent its reload signal, HUP");
    }

    @Test
    void recordsAQueuedStartOnce() {
        RecentRuns waiting = new RecentRuns(List.of(), 0, true);
        RunCounters queued =
                new RunCounters(1, 42, Optional.empty(), Optional.empty(), 0, List.of(), waiting);
        change(process(new Running(RUN), queued, RunHealth.NONE));
        change(process(new Running(RUN), queued, RunHealth.NONE));
        assertThat(texts())
                .containsExactly(
                        "web: a start by its schedule waits for the end of the last run, the last"
                                + " run is still going");
    }

    private void health(boolean known, int failures, String complaint) {
        RunHealth was = process.vitals();
        become(
                new RunHealth(
                        was.condition(),
                        was.status(),
                        was.mainPid(),
                        new Health(known, failures, complaint),
                        was.ignored(),
                        was.survivors()));
    }

    private static RunHealth vitals(
            Condition condition, Optional<String> ignored, Optional<String> survivors) {
        return new RunHealth(
                condition,
                RunHealth.NONE.status(),
                RunHealth.NONE.mainPid(),
                RunHealth.NONE.health(),
                ignored,
                survivors);
    }

    private void become(RunHealth runHealth) {
        change(process(new Running(RUN), RunCounters.NONE, runHealth));
    }

    private void change(ProcessStatus next) {
        eventRecorder.on(new Change.Transition(process, view(next)));
        process = next;
    }

    private static ProcessStatus process(
            ProcessState state, RunCounters runCounters, RunHealth runHealth) {
        return new ProcessStatus(Goal.UP, state, runCounters, runHealth);
    }

    private static ProcessView view(ProcessStatus process) {
        return new ProcessView(SPEC, process, List.of());
    }

    private List<String> texts() {
        return eventLog.after(begin, 99).events().stream()
                .map(numberedEvent -> numberedEvent.what().text())
                .toList();
    }
}
