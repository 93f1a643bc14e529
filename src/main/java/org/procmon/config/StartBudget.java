package org.procmon.config;

import java.time.Duration;

/**
 * The key {@code start_budget}: how many processes in total may start within a period. The others
 * wait for their turn.
 */
public record StartBudget(int starts, Duration period) {}
