package org.procmon.supervise.port;

import org.procmon.lifecycle.Event;

/**
 * Hears what runs say of themselves and what looking at them shows. Any thread; returns at once.
 */
@FunctionalInterface
public interface RunReportListener {
    /**
     * Something is known of a run of a process.
     *
     * @param event says of which run; of one that is not the present one it changes nothing
     */
    void report(String name, Event event);
}
