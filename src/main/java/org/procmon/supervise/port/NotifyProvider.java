package org.procmon.supervise.port;

import java.util.OptionalInt;
import org.procmon.config.ProcessSpec;

/** Gives runs the means to report their state. Loop thread only. */
@FunctionalInterface
public interface NotifyProvider {
    /** Gives nothing to any run. */
    NotifyProvider NONE = (_, _, _) -> NotifySetup.Granted.NOTHING;

    /**
     * The setup for a run that is about to be started.
     *
     * @param run the run's number
     * @param owner the user of the run; empty for the monitor's own
     */
    NotifySetup prepare(ProcessSpec spec, long run, OptionalInt owner);
}
