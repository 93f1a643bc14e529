package org.procmon.chronicle;

import java.util.Optional;
import java.util.function.Predicate;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.Supervised;
import org.procmon.lifecycle.Tally;
import org.procmon.spec.Signal;
import org.procmon.supervise.Observer;
import org.procmon.supervise.ProcessView;
import org.procmon.supervise.Snapshot;
import org.procmon.supervise.Wording;

/** Writes down what becomes of the processes. On the loop's thread. */
public final class Recorder implements Observer {
    /** As long as a reason may be; some quote a path. */
    private static final int LONGEST_CAUSE = 512;

    private final Chronicle chronicle;
    private final Predicate<String> listed;

    /**
     * @param listed whether processes of a name are of interest to anybody
     */
    public Recorder(Chronicle chronicle, Predicate<String> listed) {
        this.chronicle = chronicle;
        this.listed = listed;
    }

    @Override
    public void changed(Supervised before, ProcessView after) {
        boolean same = before.state().phase() == after.process().state().phase();
        if (!listed.test(after.name())) {
            return;
        }
        for (Happening.Noticed noticed : Noticing.of(before, after)) {
            note(noticed.name(), noticed.what(), noticed.cause());
        }
        if (!same) {
            chronicle.add(happening(before, after));
        }
    }

    @Override
    public void signaled(ProcessView view, Signal signal) {
        note(view.name(), Notice.SIGNALED, "by " + signal.word());
    }

    private void note(String name, Notice what, String cause) {
        chronicle.add(new Happening.Noticed(name, what, shortened(cause)));
    }

    @Override
    public void shuttingDown() {
        chronicle.add(new Happening.OfMonitor(Snapshot.PRIMARY, "shutting down", ""));
    }

    /** What a change of its state comes to. */
    public static Happening.Changed happening(Supervised before, ProcessView after) {
        Tally tally = after.process().tally();
        Optional<RunExit> exit = tally.lastExit();
        Optional<ExitStatus> news =
                exit.equals(before.tally().lastExit())
                        ? Optional.empty()
                        : exit.map(RunExit::status);
        return new Happening.Changed(
                after.name(),
                before.state().phase(),
                after.process().state().phase(),
                shortened(Wording.cause(after)),
                tally.lastPid(),
                tally.runs(),
                news);
    }

    private static String shortened(String cause) {
        return cause.length() <= LONGEST_CAUSE ? cause : cause.substring(0, LONGEST_CAUSE) + "...";
    }
}
