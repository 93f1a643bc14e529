package org.procmon.config;

import java.time.Duration;

/**
 * The key {@code ready}.
 *
 * @param sign what says that it is up
 * @param timeout how long after its start that may take; without the sign, the start has failed
 * @param interval how often is asked, where the sign does not come by itself
 */
public record Readiness(ReadySignal sign, Duration timeout, Duration interval) {}
