package org.procmon.lifecycle;

import java.time.Duration;

/**
 * What a run and its waited-for children used; source: getrusage(2).
 *
 * @param user processor time in user mode
 * @param system processor time in the kernel
 * @param maxRssBytes the largest resident set of any one of them; 0 if it is not known
 */
public record ResourceUsage(Duration user, Duration system, long maxRssBytes) {
    public static final ResourceUsage NONE = new ResourceUsage(Duration.ZERO, Duration.ZERO, 0);
}
