package org.procmon.supervise.port;

import java.time.Instant;

/**
 * The latest run of a process, for a schedule that goes on where another monitor left it.
 *
 * @param started when, by the wall clock
 * @param alive whether it goes on
 */
public record LatestRun(Instant started, boolean alive) {}
