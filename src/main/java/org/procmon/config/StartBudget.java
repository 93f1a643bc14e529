package org.procmon.config;

import java.time.Duration;

/**
 * The key {@code start_budget}: how many processes, of all of them together, may be started within
 * a period. Those that are more wait for their turn.
 */
public record StartBudget(int starts, Duration period) {}
