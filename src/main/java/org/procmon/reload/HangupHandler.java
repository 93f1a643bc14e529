package org.procmon.reload;

import java.util.concurrent.CompletableFuture;
import org.procmon.events.EventLog;
import org.procmon.events.MonitorEvent;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Reloader.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reloads on SIGHUP, and logs the result. No thread waits for it. */
public final class HangupHandler {
    private static final Logger LOG = LoggerFactory.getLogger("signal");

    private final Reloader reloader;
    private final EventLog eventLog;

    public HangupHandler(Reloader reloader, EventLog eventLog) {
        this.reloader = reloader;
        this.eventLog = eventLog;
    }

    /** Any thread. */
    public void reload() {
        CompletableFuture<Outcome> _ =
                reloader.reload(false)
                        .whenComplete((outcome, failure) -> {
                            if (failure != null) {
                                LOG.atError()
                                        .setCause(failure)
                                        .addKeyValue("signal", "SIGHUP")
                                        .log("cannot reload, because of a bug");
                            } else {
                                eventLog.add(reloaded(outcome));
                                log(outcome);
                            }
                        });
    }

    private static void log(Outcome outcome) {
        switch (outcome) {
            case Outcome.Planned planned ->
                    LOG.atInfo()
                            .addKeyValue("signal", "SIGHUP")
                            .addKeyValue("plan", ConfigReloader.counts(planned))
                            .log("reloaded");
            case Outcome.Invalid invalid -> {
                for (String problem : invalid.problems()) {
                    LOG.atError()
                            .addKeyValue("signal", "SIGHUP")
                            .addKeyValue("problem", problem)
                            .log("invalid configuration");
                }
                LOG.atError().addKeyValue("signal", "SIGHUP").log("nothing was changed");
            }
            case Outcome.Failed failed ->
                    LOG.atError()
                            .addKeyValue("signal", "SIGHUP")
                            .addKeyValue("reason", failed.reason())
                            .log("cannot reload");
            case Outcome.Busy busy ->
                    LOG.atWarn()
                            .addKeyValue("signal", "SIGHUP")
                            .addKeyValue("reason", words(busy))
                            .log("cannot reload");
            case Outcome.NoSuchProcess _, Outcome.ShuttingDown _ ->
                    LOG.atWarn()
                            .addKeyValue("signal", "SIGHUP")
                            .addKeyValue("reason", "the monitor is shutting down")
                            .log("cannot reload");
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
