package org.procmon.trigger.schedule;

import java.time.Instant;

/**
 * The latest run of a process, for a schedule that continues after another monitor.
 *
 * @param started when, by the wall clock
 * @param alive whether it is still up
 */
record LatestRun(Instant started, boolean alive) {}
