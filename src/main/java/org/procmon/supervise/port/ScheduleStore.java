package org.procmon.supervise.port;

import java.util.Map;

/**
 * Keeps until when the times of schedules have been seen, also while the machine is off. Both
 * methods block for as long as a disk does. One thread at a time.
 */
public interface ScheduleStore {
    /** What was kept last, by the name of the process; nothing if it cannot be read. */
    Map<String, SeenTimes> read();

    /** Replaces what is kept. Should that fail, the store says so in the log. */
    void write(Map<String, SeenTimes> seen);
}
