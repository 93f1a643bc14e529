/**
 * Schedules: reports when a process is to be started, stopped or restarted.
 *
 * <p>Loaded, and its one thread {@code schedule} started, when a process has a schedule. The only
 * user of Quartz.
 */
@NullMarked
package org.procmon.trigger.schedule;

import org.jspecify.annotations.NullMarked;
