package org.procmon.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.SpecBuilder;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.DatagramInbox;
import org.procmon.posix.DatagramSender;
import org.procmon.posix.MonotonicClock;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;

class ServiceManagerTest {
    private static final int MAIN = 4711;
    private static final Run RUN = new Run(100, 1, 1, new Ticks(0));
    private static final ProcessView UP = view("web", new ProcessState.Running(RUN));
    private static final ProcessView FAILED =
            view("db", new ProcessState.Failed(Optional.empty(), new Ticks(0)));
    private static final String READY = "READY=1\nMAINPID=4711\nSTATUS=";

    @TempDir Path folder = Path.of("");
    private Optional<DatagramInbox> inbox = Optional.empty();
    private Ticks now = new Ticks(0);

    @AfterEach
    void close() {
        inbox.ifPresent(DatagramInbox::close);
    }

    @Test
    void isReadyAtTheFirstBeatAndThenSilent() {
        ServiceManager manager = manager(Optional.empty());
        Snapshot snapshot = running(UP, FAILED);

        manager.beat(snapshot);
        manager.beat(snapshot);

        assertThat(received()).containsExactly(READY + "1 of 2 up; failed: db");
        assertThat(manager.nextBeat()).as("nothing to wake for").isEmpty();
        pass(Duration.ofHours(1));
        manager.beat(snapshot);
        assertThat(received()).isEmpty();
        assertThat(manager.nextBeat()).isEmpty();
    }

    @Test
    void theStatusIsSentWhenItChangesAndOnceASecond() {
        ServiceManager manager = manager(Optional.empty());
        manager.beat(running(UP));
        received();

        pass(Duration.ofMillis(400));
        manager.beat(running(UP, FAILED));
        manager.beat(running(FAILED));
        assertThat(received()).isEmpty();
        assertThat(manager.nextBeat()).contains(new Ticks(Duration.ofSeconds(1).toNanos()));

        pass(Duration.ofMillis(600));
        manager.beat(running(FAILED));
        assertThat(received()).containsExactly("STATUS=0 of 1 up; failed: db");
        assertThat(manager.nextBeat()).isEmpty();

        pass(Duration.ofSeconds(1));
        manager.beat(running(view("db", FAILED.process().state())));
        assertThat(received()).as("another view, and the same status").isEmpty();
        assertThat(manager.nextBeat()).isEmpty();
    }

    @Test
    void theWatchdogIsFedAtHalfOfItsTime() {
        ServiceManager manager = manager(Optional.of(Duration.ofSeconds(10)));
        Snapshot snapshot = running(UP);

        manager.beat(snapshot);
        manager.beat(snapshot);
        assertThat(received()).containsExactly(READY + "1 of 1 up", "WATCHDOG=1");
        assertThat(manager.nextBeat()).contains(new Ticks(Duration.ofSeconds(5).toNanos()));

        pass(Duration.ofMillis(4_999));
        manager.beat(snapshot);
        assertThat(received()).isEmpty();
        pass(Duration.ofMillis(1));
        manager.beat(snapshot);
        assertThat(received()).containsExactly("WATCHDOG=1");
    }

    @Test
    void aWatchdogOfNoTimeDoesNotKeepTheLoopBusy() {
        ServiceManager manager = manager(Optional.of(Duration.ofNanos(1000)));

        manager.beat(running(UP));

        assertThat(manager.nextBeat()).contains(new Ticks(Duration.ofMillis(10).toNanos()));
    }

    @Test
    void aReloadEndsWithReady() {
        ServiceManager manager = manager(Optional.empty());
        manager.reloadStarted();
        manager.reloadEnded();
        assertThat(received()).as("before it is ready").isEmpty();
        manager.beat(running(UP));
        received();

        long before = MonotonicClock.micros();
        manager.reloadStarted();
        List<String> begun = received();
        assertThat(begun).hasSize(1);
        assertThat(begun.getFirst()).startsWith("RELOADING=1\nMONOTONIC_USEC=");
        String micros = begun.getFirst().substring(begun.getFirst().lastIndexOf('=') + 1);
        assertThat(Long.parseLong(micros)).isBetween(before, MonotonicClock.micros());
        manager.reloadEnded();
        assertThat(received()).containsExactly(READY + "1 of 1 up");
    }

    @Test
    void theMonotonicClockIsThatOfOtherPrograms() throws Exception {
        String text = Files.readString(Path.of("/proc/uptime"));
        double uptime = Double.parseDouble(text.substring(0, text.indexOf(' ')));
        // Uptime also counts the time for which the machine was suspended.
        assertThat(MonotonicClock.micros() / 1e6).isBetween(0.0, uptime + 1);
        assertThat(MonotonicClock.micros() * 1000).isLessThanOrEqualTo(System.nanoTime());
    }

    @Test
    void aStopIsTheLastOfIt() {
        ServiceManager manager = manager(Optional.empty());
        manager.beat(running(UP));
        manager.reloadStarted();
        received();

        manager.beat(ending(UP));
        manager.beat(ending(UP));
        manager.reloadEnded();
        manager.reloadStarted();

        assertThat(received()).containsExactly("STOPPING=1\nSTATUS=shutting down, 1 left");
    }

    @Test
    void aMonitorThatContinuesAShutdownIsNotReady() {
        ServiceManager manager = manager(Optional.empty());

        manager.beat(ending());

        assertThat(received()).containsExactly("STOPPING=1\nSTATUS=shutting down, 0 left");
    }

    @Test
    void extendsTheTimeoutWhileAStopPlanRuns() {
        ServiceManager manager = manager(Optional.empty());
        manager.beat(ending(stopping(1, Duration.ofSeconds(30))));
        assertThat(received())
                .containsExactly(
                        "STOPPING=1\nSTATUS=shutting down, 1 left", "EXTEND_TIMEOUT_USEC=40000000");

        pass(Duration.ofSeconds(2));
        manager.beat(ending(stopping(1, Duration.ofSeconds(30))));
        assertThat(received()).as("was asked for before").isEmpty();

        pass(Duration.ofSeconds(1));
        manager.beat(ending(stopping(1, Duration.ofSeconds(60)), stopping(0, Duration.ZERO)));
        assertThat(received())
                .contains("EXTEND_TIMEOUT_USEC=67000000")
                .contains("STATUS=shutting down, 2 left");

        pass(Duration.ofSeconds(2));
        manager.beat(ending(stopping(2, Duration.ofMinutes(5))));
        assertThat(received())
                .as("KILL was sent, and it is still there")
                .containsExactly("STATUS=shutting down, 1 left");
    }

    @Test
    void resendsNotificationsWhenTheSocketWasFull() {
        ServiceManager manager = manager(Optional.of(Duration.ofHours(1)));
        Optional<?> failed = Optional.empty();
        while (failed.isEmpty()) {
            failed = DatagramSender.send(socket(), "x".repeat(100));
        }

        manager.beat(running(UP));
        assertThat(manager.nextBeat()).contains(new Ticks(Duration.ofSeconds(1).toNanos()));
        received();
        manager.beat(running(UP));
        assertThat(received()).isEmpty();
        pass(Duration.ofSeconds(1));
        manager.beat(running(UP));
        assertThat(received()).containsExactly(READY + "1 of 1 up");
    }

    @Test
    void aSocketThatIsGoneIsNoReasonToWake() {
        ServiceManager manager = manager(Optional.empty());
        inbox.ifPresent(DatagramInbox::close);
        inbox = Optional.empty();

        manager.beat(running(UP));

        assertThat(manager.nextBeat()).isEmpty();
        manager.reloadStarted();
        manager.reloadEnded();
        manager.beat(ending(UP));
        assertThat(manager.nextBeat()).isEmpty();
    }

    @Test
    void aFewOfManyThatFailedAreNamed() {
        ProcessView[] all = new ProcessView[20];
        Arrays.setAll(all, i -> view("p" + i, FAILED.process().state()));
        assertThat(StatusSummary.of(running(all)))
                .isEqualTo("0 of 20 up; failed: p0, p1, p2, p3, p4 and 15 more");
    }

    @Test
    void completedProcessesDoNotCount() {
        assertThat(
                        StatusSummary.of(
                                running(
                                        UP,
                                        view("job", new ProcessState.Completed(now)),
                                        view("new", new ProcessState.Starting(RUN, now)),
                                        view(
                                                "off",
                                                new ProcessState.Stopped(
                                                        StopReason.OPERATOR, now)))))
                .isEqualTo("1 of 3 up");
    }

    private ServiceManager manager(Optional<Duration> watchdog) {
        inbox =
                switch (DatagramInbox.open(socket(), OptionalInt.empty())) {
                    case DatagramInbox.Result.Opened opened -> Optional.of(opened.inbox());
                    case DatagramInbox.Result.NotOpened failed ->
                            throw new AssertionError(failed.errno().words());
                };
        return new ServiceManager(new NotifySettings(socket(), watchdog, MAIN), MAIN, () -> now);
    }

    private String socket() {
        return folder.resolve("notify").toString();
    }

    private void pass(Duration duration) {
        now = now.plus(duration);
    }

    /** All that has arrived since the last time. */
    private List<String> received() {
        List<String> all = new ArrayList<>();
        Optional<DatagramInbox.Message> next = inbox.orElseThrow().receive();
        while (next.isPresent()) {
            all.add(next.get().text());
            next = inbox.orElseThrow().receive();
        }
        return all;
    }

    private static Snapshot running(ProcessView... views) {
        return new Snapshot(List.of(views), List.of(), false);
    }

    private static Snapshot ending(ProcessView... views) {
        return new Snapshot(List.of(views), List.of(), true);
    }

    private static ProcessView stopping(int sent, Duration patience) {
        Ticks until = new Ticks(patience.toNanos());
        return view(
                "web",
                new ProcessState.Stopping(
                        RUN,
                        StopReason.SHUTDOWN,
                        sent,
                        until,
                        Optional.empty(),
                        until,
                        new Ticks(0)));
    }

    private static ProcessView view(String name, ProcessState state) {
        return new ProcessView(
                SpecBuilder.process(name).build(),
                new ProcessStatus(Goal.UP, state, RunCounters.NONE),
                List.of());
    }
}
