package org.procmon.supervise.port;

import org.procmon.lifecycle.Event;

/** Receives the notifications and probe results of runs. Any thread; returns at once. */
@FunctionalInterface
public interface RunReportListener {
    /**
     * Something was reported about a run of a process.
     *
     * @param event names the run; if that is not the present one, nothing changes
     */
    void report(String name, Event event);
}
