package org.procmon.supervise.port;

import java.time.Duration;
import java.util.Map;

/**
 * Reports the present resource usage of all processes of the machine. Any thread but the loop's.
 */
@FunctionalInterface
public interface UsageSource {
    /** Reports nothing. */
    UsageSource NONE = Map::of;

    /** By session, identified by the pid of the process that created it. */
    Map<Integer, Used> now();

    /**
     * The total usage of the processes of a session.
     *
     * @param processorTime in user mode and in the kernel
     * @param bytes their resident memory
     */
    record Used(Duration processorTime, long bytes) {}
}
