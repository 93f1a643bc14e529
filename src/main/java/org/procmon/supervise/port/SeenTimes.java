package org.procmon.supervise.port;

import java.time.Instant;

/**
 * What the next monitor has to know of the schedule of a process to make up for times that pass
 * while there is no monitor.
 *
 * @param schedule its times in words; entries of a different schedule do not apply
 * @param until up to when all due actions were done
 */
public record SeenTimes(String schedule, Instant until) {}
