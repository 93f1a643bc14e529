/**
 * The memory use of runs that have a memory limit.
 *
 * <p>One thread scans all processes of the machine from time to time, and reports each run if its
 * session has more than its {@code memory_max}; the state machine decides what follows. The thread
 * exists only while there is such a run. Other callers can get the usage of all sessions too.
 */
@NullMarked
package org.procmon.usage;

import org.jspecify.annotations.NullMarked;
