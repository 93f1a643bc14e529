package org.procmon.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.SpecBuilder;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Lifecycle;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.log.LogCapture;
import org.procmon.log.LogFormat;
import org.procmon.log.LogOutput;
import org.procmon.status.ProcessView;
import org.procmon.supervise.feature.Change;

class TransitionLogTest {
    private final LogCapture log = LogCapture.start();
    private final TransitionLog transitions = new TransitionLog(_ -> false);
    private Ticks now = new Ticks(Duration.ofHours(1).toNanos());
    private ProcessSpec spec = SpecBuilder.process("web").restart(RestartPolicy.ALWAYS).build();
    private ProcessStatus process = ProcessStatus.unstarted(StopReason.NEVER_STARTED, now);

    @AfterEach
    void restore() {
        log.close();
    }

    private void happen(Event... events) {
        for (Event event : events) {
            ProcessStatus next = Lifecycle.step(spec, process, event, now).next();
            transitions.on(new Change.Transition(process, new ProcessView(spec, next, List.of())));
            process = next;
        }
    }

    private void run(int number) {
        happen(new Event.DependenciesMet(), new Event.Spawned(40 + number, 7));
        now = now.plus(Duration.ofMillis(20));
    }

    private void exit(int number, ExitStatus status) {
        happen(
                new Event.LeaderExited(number, status, ResourceUsage.NONE),
                new Event.GroupGone(number));
    }

    /** Without the time. */
    private List<String> lines() {
        return log.lines().stream().map(line -> line.substring(line.indexOf(' ') + 1)).toList();
    }

    @Test
    void logsAFailedRunAsAWarning() {
        happen(new Event.Start());
        run(1);
        exit(1, new ExitStatus.Exited(3));
        run(2);
        exit(2, new ExitStatus.Signaled(11));
        assertThat(lines())
                .hasSize(3)
                .startsWith("WARN process: web exited code=3 ran_ms=20 restart_ms=0");
        assertThat(lines().get(1)).startsWith("INFO process: web running pid=42 run=2 ");
        assertThat(lines().get(2))
                .startsWith("WARN process: web exited signal=SIGSEGV ran_ms=20 restart_ms=")
                .doesNotEndWith("restart_ms=0");
    }

    @Test
    void logsASuccessfulRunAsInformation() {
        happen(new Event.Start());
        run(1);
        exit(1, new ExitStatus.Exited(0));
        assertThat(lines())
                .containsExactly("INFO process: web exited code=0 ran_ms=20 restart_ms=0");
    }

    @Test
    void logsAProcessThatFailedForGoodAsAnError() {
        spec = SpecBuilder.process("web").restart(RestartPolicy.NEVER).build();
        happen(new Event.Start());
        run(1);
        exit(1, new ExitStatus.Exited(3));
        assertThat(lines())
                .containsExactly(
                        "ERROR process: web failed code=3 ran_ms=20"
                                + " cause=\"exited with code 3 after 20 ms\"");
    }

    @Test
    void logsWhyAStartFailed() {
        happen(new Event.Start(), new Event.DependenciesMet());
        happen(new Event.SpawnFailed(new StartError(11, "cannot start: no room", false)));
        assertThat(lines())
                .singleElement()
                .asString()
                .startsWith(
                        "WARN process: web waits to restart reason=\"cannot start: no room\""
                                + " restart_ms=");
    }

    @Test
    void logsCommandedChangesOnlyWhenVerbose() {
        happen(new Event.Start());
        run(1);
        happen(new Event.Restart(StopReason.RESTART), new Event.DependentsGone());
        exit(1, new ExitStatus.Signaled(15));
        assertThat(lines()).isEmpty();
        LogOutput.configure(LogFormat.TEXT, true, Map.of());
        run(2);
        happen(new Event.Stop(StopReason.OPERATOR), new Event.DependentsGone());
        exit(2, new ExitStatus.Signaled(15));
        assertThat(lines().getFirst()).startsWith("INFO process: web running pid=42 run=2 ");
        assertThat(lines().getLast())
                .isEqualTo("DEBUG process: web stopped cause=\"stopped by a command\"");
        assertThat(lines()).noneMatch(line -> line.startsWith("WARN"));
    }

    @Test
    void foldsACrashLoopAndSumsItUpAtShutdown() {
        LogOutput.configure(LogFormat.TEXT, false, Map.of());
        happen(new Event.Start());
        for (int i = 1; i <= 100; i++) {
            happen(new Event.DeadlinePassed());
            run(i);
            exit(i, new ExitStatus.Exited(1));
            now = now.plus(Duration.ofMinutes(1));
        }
        transitions.on(new Change.ShutdownStarted());
        assertThat(lines()).hasSize(11);
        assertThat(lines().getLast())
                .matches("WARN process: web exited code=1 .* repeated=95 seconds=\\d+");
    }
}
