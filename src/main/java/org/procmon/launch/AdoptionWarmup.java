package org.procmon.launch;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Signal;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.StartError;
import org.procmon.posix.Pidfd;
import org.procmon.posix.ProcessStat;
import org.procmon.supervise.port.Launcher;

/**
 * Finds and holds the processes that this monitor may take over later, and leaves them alone. So it
 * need not look for them again, and learns the exit status also of those that have been reaped by
 * then. One thread at a time.
 */
public final class AdoptionWarmup implements Launcher {
    private record Held(Pidfd pidfd, long born) {}

    private final Map<Integer, Held> all = new HashMap<>();

    /** The pidfd of a run that was found, for the caller to close; empty if it was not found. */
    Optional<Pidfd> take(int pid, long born) {
        Held held = all.get(pid);
        if (held == null || held.born() != born) {
            return Optional.empty();
        }
        all.remove(pid);
        return Optional.of(held.pidfd());
    }

    /** Releases those that were not taken. */
    public void end() {
        all.values().forEach(held -> held.pidfd().close());
        all.clear();
    }

    @Override
    public Launching begin(ProcessSpec spec, long number) {
        return () -> new Launched.NotStarted(new StartError(0, "this is a warm-up"));
    }

    @Override
    public boolean adopt(ProcessSpec spec, Run run) {
        return hold(run);
    }

    /** Looks for a run, and keeps holding it; false if it does not exist. */
    public boolean hold(Run run) {
        take(run.pid(), run.born()).ifPresent(Pidfd::close);
        if (!(Pidfd.open(run.pid()) instanceof Pidfd.Result.Opened opened)) {
            return false;
        }
        boolean same =
                ProcessStat.of(run.pid())
                        .filter(stat -> stat.born() == run.born() && stat.leadsSession())
                        .isPresent();
        if (same) {
            all.put(run.pid(), new Held(opened.pidfd().aside(), run.born()));
        } else {
            opened.pidfd().close();
        }
        return same;
    }

    @Override
    public Found find(ProcessSpec spec, long number) {
        return new Found.NeverStarted();
    }

    @Override
    public void over(String name, Run run) {}

    @Override
    public void signalGroup(String name, Run run, Signal signal) {}

    @Override
    public boolean signalLeader(String name, Run run, Signal signal) {
        return false;
    }

    @Override
    public Remains remains(ProcessSpec spec, Run run) {
        return new Remains.Nothing();
    }

    @Override
    public void killSurvivors(ProcessSpec spec, Run run) {}
}
