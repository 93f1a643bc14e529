package org.procmon.app;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.procmon.events.EventLog;
import org.procmon.events.MonitorEvent;
import org.procmon.launch.Reaper;
import org.procmon.output.OutputCapture;
import org.procmon.pair.SignalHandlers;
import org.procmon.posix.CurrentProcess;
import org.procmon.reload.HangupHandler;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Supervisor;

/** What a primary does on signals. Its handlers run on threads of the JVM. */
final class PrimarySignals {
    /** After this time, a slow start is logged. */
    private static final Duration LONGEST_REOPENING = Duration.ofSeconds(10);

    private static final int INIT = 1;

    private final Supervisor supervisor;
    private final EventLog eventLog;

    PrimarySignals(Supervisor supervisor, EventLog eventLog) {
        this.supervisor = supervisor;
        this.eventLog = eventLog;
    }

    /** Handles signals from now on. */
    void handle(Reaper reaper, OutputCapture outputCapture, HangupHandler hangups) {
        SignalHandlers.on("USR1", () -> reopen(outputCapture));
        SignalHandlers.on("TERM", () -> shutDown("SIGTERM"));
        SignalHandlers.on("INT", () -> shutDown("SIGINT"));
        SignalHandlers.on("QUIT", () -> shutDown("SIGQUIT"));
        if (CurrentProcess.pid() == INIT) {
            // Only pid 1 may be given orphans of other programs while it has no child to wait for.
            SignalHandlers.on("CHLD", reaper::lookAgain);
        }
        SignalHandlers.on("HUP", hangups::reload);
    }

    /** The signal that log rotators send after they have moved the files. */
    private static void reopen(OutputCapture outputCapture) {
        try {
            if (outputCapture.reopen(LONGEST_REOPENING)) {
                SignalHandlers.LOG
                        .atInfo()
                        .addKeyValue("signal", "SIGUSR1")
                        .log("reopened the log files");
            } else {
                SignalHandlers.LOG
                        .atWarn()
                        .addKeyValue("signal", "SIGUSR1")
                        .log("cannot reopen the log files yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Shuts down; a second signal forces it. */
    void shutDown(String signal) {
        note(signal, supervisor.snapshot().shuttingDown());
        // No thread waits for this reply: the loop returns by itself when all processes are down.
        CompletableFuture<Reply> _ = supervisor.submit(new Command.Shutdown());
    }

    /** Logs a shutdown that has started already. */
    void noteShutdown(String signal) {
        note(signal, false);
    }

    private void note(String signal, boolean again) {
        SignalHandlers.LOG
                .atInfo()
                .addKeyValue("signal", signal)
                .log(again ? "killing what is left" : "shutting down");
        eventLog.add(
                new MonitorEvent.Signaled("Shutdown", signal, MonitorEvent.Outcome.ACCEPTED, ""));
    }
}
