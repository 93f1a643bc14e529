package org.procmon.supervise.port;

import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ResourceUsage;

/** Hears of ended processes. Called on the reaper's thread; returns at once. */
public interface ExitListener {
    /**
     * The first process of a run has ended and was reaped.
     *
     * @param name whose run it was
     * @param run the run's number
     */
    void leaderExited(String name, long run, ExitStatus status, ResourceUsage resourceUsage);

    /** A process that was left to this one by its dying parent has ended and was reaped. */
    void strangerExited();
}
