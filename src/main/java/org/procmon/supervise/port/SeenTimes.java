package org.procmon.supervise.port;

import java.time.Instant;

/**
 * What the next monitor has to know of the schedule of a process, so that it can make up for times
 * that pass while there is no monitor.
 *
 * @param schedule its times in words; those of another schedule have nothing to do with it
 * @param until up to when all that has come was done
 */
public record SeenTimes(String schedule, Instant until) {}
