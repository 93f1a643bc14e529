package org.procmon.supervise.port;

import java.util.OptionalInt;
import org.procmon.config.ProcessSpec;

/** What runs are given so that they can say how they are. Loop thread only. */
@FunctionalInterface
public interface NotifyProvider {
    /** Has nothing for anybody. */
    NotifyProvider NONE = (_, _, _) -> NotifySetup.Granted.NOTHING;

    /**
     * What a run gets that is about to be started.
     *
     * @param run the run's number
     * @param owner the user that it will be; empty for the monitor's own
     */
    NotifySetup prepare(ProcessSpec spec, long run, OptionalInt owner);
}
