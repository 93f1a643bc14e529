package org.procmon.supervise.port;

import java.time.Duration;
import java.util.Map;

/** Tells what all processes of the machine use at the moment. Any thread but the loop's. */
@FunctionalInterface
public interface UsageSource {
    /** Knows nothing. */
    UsageSource NONE = Map::of;

    /** By session, that is, by the pid of the process that began it. */
    Map<Integer, Used> now();

    /**
     * What the processes of a session use together.
     *
     * @param processorTime in user mode and in the kernel
     * @param bytes how much of them is in memory
     */
    record Used(Duration processorTime, long bytes) {}
}
