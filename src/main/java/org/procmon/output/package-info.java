/**
 * The children's stdout and stderr: captured in fifos, moved into log files that are rotated, and
 * read back from these.
 *
 * <p>A child opens its fifo for reading and writing. So a monitor that exits or is busy does not
 * disturb the child before the fifo is full; the next monitor continues to read. One platform
 * thread, {@code output}, moves the bytes. The kernel moves them, so at no moment are they in this
 * process alone. The log files hold the only copy, so a reader on any thread sees the same before
 * and after a restart of the monitor. Only output that cannot be written is kept in memory, and
 * only its end, to be shown until writing resumes.
 */
@NullMarked
package org.procmon.output;

import org.jspecify.annotations.NullMarked;
