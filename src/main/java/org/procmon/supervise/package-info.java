/**
 * The loop that owns the state of all processes and performs effects through ports.
 *
 * <p>One thread, the loop's, changes state; snapshots and commands cross to it from any thread.
 */
@NullMarked
package org.procmon.supervise;

import org.jspecify.annotations.NullMarked;
