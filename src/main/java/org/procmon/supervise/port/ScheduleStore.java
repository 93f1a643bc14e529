package org.procmon.supervise.port;

import java.util.Map;

/**
 * Stores up to when schedules were processed, also while the machine is off. Both methods block for
 * as long as a disk does. One thread at a time.
 */
public interface ScheduleStore {
    /** What was stored last, by the name of the process; empty if it cannot be read. */
    Map<String, SeenTimes> read();

    /** Replaces what is stored. If that fails, the store logs it. */
    void write(Map<String, SeenTimes> seen);
}
