package org.procmon.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.procmon.config.ControlSpec;
import org.procmon.config.DecisionPolicy;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.control.FakePools;
import org.procmon.control.FakeSupervisor;
import org.procmon.log.LogCapture;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.FeatureStart;

class StartSummaryTest {
    private final LogCapture log = LogCapture.start();
    private final FakeSupervisor supervisor = new FakeSupervisor();
    private final StartSummary summary =
            new StartSummary(
                    Path.of("/run/p/control.sock"), Path.of("/var/log/p"), Duration.ofMillis(200));

    @AfterEach
    void restore() {
        log.close();
    }

    private void start(boolean continues, boolean hasPool) {
        MonitorSpec spec =
                new MonitorSpec(
                        ControlSpec.DEFAULT,
                        Optional.empty(),
                        OrphanPolicy.STOP,
                        Optional.empty(),
                        DecisionPolicy.BOOT,
                        List.of(),
                        Set.of(),
                        hasPool ? List.of(FakePools.asleep("php").spec()) : List.of());
        List<ProcessView> all =
                Stream.of("web", "db", "job", "a", "b", "c", "d")
                        .map(FakeSupervisor::stopped)
                        .toList();
        supervisor.snapshot = new Snapshot(all, supervisor.snapshot.monitors(), false);
        summary.start(new FeatureStart(spec, supervisor, continues));
    }

    /** They have become so. */
    private void are(ProcessView... views) {
        for (ProcessView view : views) {
            summary.on(new Change.Transition(FakeSupervisor.stopped(view.name()).process(), view));
        }
        summary.on(new Change.Idle());
    }

    /** Without the time. */
    private List<String> lines() {
        return log.lines().stream().map(line -> line.substring(line.indexOf(' ') + 1)).toList();
    }

    @Test
    void saysWhereToFindThingsAndThenHowManyAreUp() {
        start(false, false);
        assertThat(lines())
                .singleElement()
                .asString()
                .startsWith("INFO monitor: started version=")
                .contains(" pid=")
                .endsWith(" socket=/run/p/control.sock logs=/var/log/p");
        are(FakeSupervisor.running("web", 7, "x"), FakeSupervisor.waiting("db", "disk"));
        assertThat(lines()).hasSize(1);
        are(
                FakeSupervisor.running("web", 7, "x"),
                FakeSupervisor.running("db", 8, "x"),
                FakeSupervisor.stopped("job"));
        awaitSummary("INFO monitor: 2 of 2 processes are up");
        are(FakeSupervisor.killed("web", "x"));
        assertThat(lines()).as("said once").hasSize(2);
    }

    @Test
    void oneThatFailsAtOnceIsDown() {
        start(false, false);
        are(FakeSupervisor.running("web", 7, "x"), FakeSupervisor.running("a", 8, "x"));
        are(FakeSupervisor.killed("a", "x"));
        awaitSummary(
                "WARN monitor: 1 of 2 processes are up"
                        + " down=\"a was ended by SIGKILL after 1.0 s\"");
    }

    private void awaitSummary(String line) {
        await().atMost(Duration.ofSeconds(20)).until(() -> lines().size() == 2);
        assertThat(lines()).last().isEqualTo(line);
    }

    @Test
    void namesWhatIsDown() {
        start(false, true);
        are(
                FakeSupervisor.running("web", 7, "x"),
                FakeSupervisor.killed("a", "x"),
                FakeSupervisor.killed("b", "x"),
                FakeSupervisor.killed("c", "x"),
                FakeSupervisor.killed("d", "x"));
        awaitSummary(
                "WARN monitor: 1 of 5 processes are up pools=1 down=\"a was ended by SIGKILL"
                        + " after 1.0 s; b was ended by SIGKILL after 1.0 s; c was ended by"
                        + " SIGKILL after 1.0 s; another one\"");
    }

    @Test
    void aMonitorThatContinuesForAnotherSaysNothing() {
        start(true, false);
        are(FakeSupervisor.running("web", 7, "x"));
        assertThat(lines()).isEmpty();
    }

    @Test
    void nothingIsSaidOnceItShutsDown() {
        start(false, false);
        summary.on(new Change.ShutdownStarted());
        are(FakeSupervisor.running("web", 7, "x"));
        assertThat(lines()).hasSize(1);
    }
}
