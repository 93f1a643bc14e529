package org.procmon.config;

import java.time.Duration;

/**
 * The key {@code ready}.
 *
 * @param sign the sign that the process is up
 * @param timeout the longest time from its start to the sign; without the sign, the start has
 *     failed
 * @param interval the time between probes, if the sign needs probing
 */
public record Readiness(ReadySignal sign, Duration timeout, Duration interval) {}
