package org.procmon.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.procmon.config.MonitorSpec;
import org.procmon.config.Triggers;
import org.procmon.journal.ScheduleFile;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.Ticks;
import org.procmon.pair.MonitorContext;
import org.procmon.posix.BootId;
import org.procmon.supervise.EventLoop;
import org.procmon.supervise.port.LatestRun;
import org.procmon.supervise.port.Ticker;
import org.procmon.trigger.schedule.Schedules;
import org.procmon.trigger.watch.FileWatcher;

/**
 * The triggers that start, stop or refresh processes from outside; each is loaded when a process
 * first needs it. One thread at a time.
 */
final class TriggerFeature {
    private static final Path MACHINE_ID = Path.of("/etc/machine-id");
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final String SCHEDULES = "schedules";

    private final MonitorContext monitorContext;
    private final Ticker ticker;
    private final EventLoop eventLoop;
    private final Thread.UncaughtExceptionHandler bugs;
    private Optional<Schedules> schedules = Optional.empty();
    private Optional<FileWatcher> watches = Optional.empty();

    /**
     * @param eventLoop is notified when they fire
     * @param bugs is notified when a thread fails, which is a bug
     */
    TriggerFeature(
            MonitorContext monitorContext,
            Ticker ticker,
            EventLoop eventLoop,
            Thread.UncaughtExceptionHandler bugs) {
        this.monitorContext = monitorContext;
        this.ticker = ticker;
        this.eventLoop = eventLoop;
        this.bugs = bugs;
    }

    /**
     * Applies this configuration where another monitor was interrupted. Call before {@link
     * #follow}.
     */
    void resume(MonitorSpec spec) {
        prepare(spec);
        schedules.ifPresent(s -> s.resume(spec));
        watches.ifPresent(w -> w.follow(spec));
    }

    /** Applies this configuration, and nothing else, from now on. */
    void follow(MonitorSpec spec) {
        prepare(spec);
        schedules.ifPresent(s -> s.follow(spec));
        watches.ifPresent(w -> w.follow(spec));
    }

    private void prepare(MonitorSpec spec) {
        if (schedules.isEmpty() && isAsked(spec, triggers -> triggers.schedule().isPresent())) {
            schedules = Optional.of(schedules());
        }
        if (watches.isEmpty() && isAsked(spec, triggers -> triggers.watch().isPresent())) {
            watches = FileWatcher.start(ticker, eventLoop, bugs);
        }
    }

    private Schedules schedules() {
        InstantSource wall = InstantSource.system();
        return new Schedules(
                wall,
                ZoneId.systemDefault(),
                machine(),
                eventLoop,
                this::latestRun,
                new ScheduleFile(
                        monitorContext.permanent().resolve(SCHEDULES),
                        BootId.current(),
                        wall,
                        ticker),
                bugs);
    }

    private Optional<LatestRun> latestRun(String name) {
        Optional<ProcessStatus> process =
                eventLoop.snapshot().process(name).map(view -> view.process());
        Optional<Run> alive = process.flatMap(p -> p.state().run());
        Instant wall = Instant.now();
        Ticks now = eventLoop.now();
        return alive.or(() -> process.flatMap(p -> p.tally().lastExit()).map(RunExit::run))
                .map(run -> new LatestRun(wall.minus(now.since(run.started())), alive.isPresent()));
    }

    /** Distinguishes this machine from others; the same until its system is reinstalled. */
    private static String machine() {
        for (Path file : List.of(MACHINE_ID, HOST_NAME)) {
            try {
                String text = Files.readString(file).strip();
                if (!text.isEmpty()) {
                    return text;
                }
            } catch (IOException _) {
                // Containers may have none.
            }
        }
        return "";
    }

    private static boolean isAsked(MonitorSpec spec, Predicate<Triggers> key) {
        return spec.processes().stream().anyMatch(process -> key.test(process.triggers()));
    }
}
