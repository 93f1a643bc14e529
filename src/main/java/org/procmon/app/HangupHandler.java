package org.procmon.app;

import java.util.concurrent.CompletableFuture;
import org.procmon.events.EventLog;
import org.procmon.events.MonitorEvent;
import org.procmon.pair.SignalHandlers;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Reloader.Outcome;

/** Reloads on SIGHUP, and logs the result. No thread waits for it. */
final class HangupHandler {
    private final Reloader reloader;
    private final EventLog eventLog;

    HangupHandler(Reloader reloader, EventLog eventLog) {
        this.reloader = reloader;
        this.eventLog = eventLog;
    }

    /** Any thread. */
    void reload() {
        CompletableFuture<Outcome> _ =
                reloader.reload(false)
                        .whenComplete((outcome, failure) -> {
                            if (failure != null) {
                                SignalHandlers.LOG.error("SIGHUP: cannot reload: a bug", failure);
                            } else {
                                eventLog.add(reloaded(outcome));
                                log(outcome);
                            }
                        });
    }

    private static void log(Outcome outcome) {
        switch (outcome) {
            case Outcome.Planned planned ->
                    SignalHandlers.LOG.info("SIGHUP: reloaded, {}", ConfigReloader.counts(planned));
            case Outcome.Invalid invalid -> {
                for (String problem : invalid.problems()) {
                    SignalHandlers.LOG.error("SIGHUP: {}", problem);
                }
                SignalHandlers.LOG.error(
                        "SIGHUP: the configuration has problems, nothing was changed");
            }
            case Outcome.Failed failed ->
                    SignalHandlers.LOG.error("SIGHUP: cannot reload: {}", failed.reason());
            case Outcome.Busy busy -> SignalHandlers.LOG.warn("SIGHUP: {}", words(busy));
            case Outcome.NoSuchProcess _, Outcome.ShuttingDown _ ->
                    SignalHandlers.LOG.warn("SIGHUP: the monitor is shutting down");
        }
    }

    private static String words(Outcome.Busy busy) {
        return busy.waiting() + " other reloads wait for their turn";
    }

    private static MonitorEvent reloaded(Outcome outcome) {
        String reason =
                switch (outcome) {
                    case Outcome.Planned _ -> "";
                    case Outcome.Invalid invalid -> invalid.problems().getFirst();
                    case Outcome.Failed failed -> failed.reason();
                    case Outcome.Busy busy -> words(busy);
                    case Outcome.NoSuchProcess _, Outcome.ShuttingDown _ ->
                            "the monitor is shutting down";
                };
        return new MonitorEvent.Signaled(
                "Reload",
                "SIGHUP",
                reason.isEmpty() ? MonitorEvent.Outcome.DONE : MonitorEvent.Outcome.FAILED,
                reason);
    }
}
