package org.procmon.app;

import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Predicate;
import org.procmon.schedule.Schedules;
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.Triggers;
import org.procmon.supervise.Ticker;
import org.procmon.supervise.TriggerListener;
import org.procmon.watch.Watches;

/**
 * What may start, stop or refresh processes from outside; each is loaded when a process needs it
 * for the first time. One thread at a time.
 */
final class TriggerSources {
    private final Ticker ticker;
    private final TriggerListener listener;
    private final Thread.UncaughtExceptionHandler bugs;
    private Optional<Schedules> schedules = Optional.empty();
    private Optional<Watches> watches = Optional.empty();

    /**
     * @param bugs hears of the end of a thread that fails, which is a bug
     */
    TriggerSources(Ticker ticker, TriggerListener listener, Thread.UncaughtExceptionHandler bugs) {
        this.ticker = ticker;
        this.listener = listener;
        this.bugs = bugs;
    }

    /** Does what this configuration says, and nothing else, from now on. */
    void follow(MonitorSpec spec) {
        if (schedules.isEmpty() && isAsked(spec, triggers -> triggers.schedule().isPresent())) {
            schedules =
                    Optional.of(
                            new Schedules(
                                    InstantSource.system(),
                                    ZoneId.systemDefault(),
                                    listener,
                                    bugs));
        }
        schedules.ifPresent(s -> s.follow(spec));
        if (watches.isEmpty() && isAsked(spec, triggers -> triggers.watch().isPresent())) {
            watches = Watches.start(ticker, listener, bugs);
        }
        watches.ifPresent(w -> w.follow(spec));
    }

    private static boolean isAsked(MonitorSpec spec, Predicate<Triggers> key) {
        return spec.processes().stream().anyMatch(process -> key.test(process.triggers()));
    }
}
