package org.procmon.events;

import java.util.Optional;
import java.util.function.Predicate;
import org.procmon.config.Signal;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.RunExit;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.status.StateText;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;

/** Records the changes of processes. On the loop's thread. */
public final class EventRecorder implements Feature {
    /** The length limit of a reason; some quote a path. */
    private static final int LONGEST_CAUSE = 512;

    private final EventLog eventLog;
    private final Predicate<String> listed;

    /**
     * @param listed whether to record events of a process of this name
     */
    public EventRecorder(EventLog eventLog, Predicate<String> listed) {
        this.eventLog = eventLog;
        this.listed = listed;
    }

    @Override
    public void on(Change change) {
        if (change instanceof Change.Transition(ProcessStatus before, ProcessView after)) {
            changed(before, after);
        } else if (change instanceof Change.SignalSent(ProcessView process, Signal signal)) {
            note(process.name(), Notice.SIGNALED, signal.word());
        } else if (change instanceof Change.ShutdownStarted) {
            eventLog.add(new MonitorEvent.OfMonitor(Snapshot.PRIMARY, "shutting down", ""));
        }
    }

    private void changed(ProcessStatus before, ProcessView after) {
        boolean same = before.state().phase() == after.process().state().phase();
        if (!listed.test(after.name())) {
            return;
        }
        for (MonitorEvent.Noticed noticed : NoticeDetector.of(before, after)) {
            note(noticed.name(), noticed.what(), noticed.cause());
        }
        if (!same) {
            eventLog.add(happening(before, after));
        }
    }

    private void note(String name, Notice what, String cause) {
        eventLog.add(new MonitorEvent.Noticed(name, what, shortened(cause)));
    }

    /** The event for a change of state. */
    public static MonitorEvent.Changed happening(ProcessStatus before, ProcessView after) {
        RunCounters runCounters = after.process().tally();
        Optional<RunExit> exit = runCounters.lastExit();
        Optional<ExitStatus> news =
                exit.equals(before.tally().lastExit())
                        ? Optional.empty()
                        : exit.map(RunExit::status);
        return new MonitorEvent.Changed(
                after.name(),
                before.state().phase(),
                after.process().state().phase(),
                shortened(StateText.cause(after)),
                runCounters.lastPid(),
                runCounters.runs(),
                news);
    }

    private static String shortened(String cause) {
        return cause.length() <= LONGEST_CAUSE ? cause : cause.substring(0, LONGEST_CAUSE) + "...";
    }
}
