package org.procmon.launch;

import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.StartError;
import org.procmon.posix.Pidfd;
import org.procmon.posix.ProcessStat;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.Signal;
import org.procmon.supervise.Launcher;

/** Looks at the processes as one that takes them over does, and leaves them alone. */
public final class Rehearsal implements Launcher {
    @Override
    public Launched launch(ProcessSpec spec, long number) {
        return new Launched.NotStarted(new StartError(0, "this is a rehearsal"));
    }

    @Override
    public boolean adopt(ProcessSpec spec, Run run) {
        if (!(Pidfd.open(run.pid()) instanceof Pidfd.Result.Opened opened)) {
            return false;
        }
        try (Pidfd _ = opened.pidfd()) {
            return ProcessStat.of(run.pid()).filter(s -> s.born() == run.born()).isPresent();
        }
    }

    @Override
    public Found find(ProcessSpec spec, long number) {
        return new Found.NeverStarted();
    }

    @Override
    public void signalGroup(String name, Run run, Signal signal) {}

    @Override
    public boolean signalLeader(String name, Run run, Signal signal) {
        return false;
    }

    @Override
    public boolean isGroupEmpty(Run run) {
        return true;
    }
}
