package org.procmon.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.procmon.lifecycle.Diary;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.Supervised;
import org.procmon.lifecycle.Tally;
import org.procmon.lifecycle.Ticks;
import org.procmon.lifecycle.Vitals;
import org.procmon.lifecycle.Vitals.Health;
import org.procmon.lifecycle.Vitals.Mood;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.Signal;
import org.procmon.spec.SpecBuilder;
import org.procmon.supervise.ProcessView;

class RecorderTest {
    private static final Ticks NOW = new Ticks(0);
    private static final Run RUN = new Run(42, 1, 1, NOW);
    private static final ProcessSpec SPEC = SpecBuilder.process("web").build();

    private final Chronicle chronicle = new Chronicle(() -> NOW, InstantSource.system());
    private final long begin = chronicle.last();
    private final Recorder recorder = new Recorder(chronicle, name -> !name.equals("hidden"));
    private Supervised process = process(new Running(RUN), Tally.NONE, Vitals.NONE);

    @Test
    void whatLookingAtItShowsIsNoticedWhenItChanges() {
        health(true, 0, "");
        health(true, 1, "no answer");
        health(true, 2, "no answer");
        health(true, 0, "");
        health(true, 0, "could not be asked: no room");
        health(true, 0, "");
        assertThat(texts())
                .containsExactly(
                        "web: unhealthy, no answer",
                        "web: healthy again",
                        "web: nobody knows whether it is healthy, could not be asked: no room",
                        "web: healthy again");
    }

    @Test
    void whatItSaysIsNoticed() {
        become(vitals(Mood.RELOADING, Optional.empty(), Optional.empty()));
        become(Vitals.NONE);
        become(vitals(Mood.LEAVING, Optional.of("a message of process 7"), Optional.empty()));
        become(vitals(Mood.LEAVING, Optional.of("a message of process 7"), Optional.of("a, b")));
        assertThat(texts())
                .containsExactly(
                        "web: says that it reloads",
                        "web: says that it is ready again",
                        "web: says that it is about to end",
                        "web: a message was ignored, a message of process 7",
                        "web: has left processes behind, which are killed, a, b");
    }

    @Test
    void theEndOfARunTakesNothingBack() {
        become(vitals(Mood.RELOADING, Optional.empty(), Optional.empty()));
        health(true, 1, "no answer");
        long before = chronicle.last();
        change(process(new ProcessState.Waiting(NOW), Tally.NONE, Vitals.NONE));
        assertThat(chronicle.after(before, 9).happenings())
                .singleElement()
                .extracting(Noted::what)
                .isInstanceOf(Happening.Changed.class);
    }

    @Test
    void aStartThatIsLeftOutAndASignalAreNoticed() {
        Tally skipped =
                new Tally(
                        1,
                        42,
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        List.of(),
                        new Diary(List.of(), 1));
        change(process(new Running(RUN), skipped, Vitals.NONE));
        recorder.signaled(view(process), Signal.HUP);
        assertThat(texts())
                .containsExactly(
                        "web: a start by its schedule was left out, the last run is still going",
                        "web: is told to reload, by HUP");
    }

    @Test
    void aStartThatIsQueuedIsNoticedOnce() {
        Diary waiting = new Diary(List.of(), 0, true);
        Tally queued = new Tally(1, 42, Optional.empty(), Optional.empty(), 0, List.of(), waiting);
        change(process(new Running(RUN), queued, Vitals.NONE));
        change(process(new Running(RUN), queued, Vitals.NONE));
        assertThat(texts())
                .containsExactly(
                        "web: a start by its schedule waits for the end of the last run, the last"
                                + " run is still going");
    }

    private void health(boolean known, int failures, String complaint) {
        Vitals was = process.vitals();
        become(
                new Vitals(
                        was.mood(),
                        was.status(),
                        was.mainPid(),
                        new Health(known, failures, complaint),
                        was.ignored(),
                        was.survivors()));
    }

    private static Vitals vitals(Mood mood, Optional<String> ignored, Optional<String> survivors) {
        return new Vitals(
                mood,
                Vitals.NONE.status(),
                Vitals.NONE.mainPid(),
                Vitals.NONE.health(),
                ignored,
                survivors);
    }

    private void become(Vitals vitals) {
        change(process(new Running(RUN), Tally.NONE, vitals));
    }

    private void change(Supervised next) {
        recorder.changed(process, view(next));
        process = next;
    }

    private static Supervised process(ProcessState state, Tally tally, Vitals vitals) {
        return new Supervised(Goal.UP, state, tally, vitals);
    }

    private static ProcessView view(Supervised process) {
        return new ProcessView(SPEC, process, List.of());
    }

    private List<String> texts() {
        return chronicle.after(begin, 99).happenings().stream()
                .map(noted -> noted.what().text())
                .toList();
    }
}
