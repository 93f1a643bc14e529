/**
 * The children's stdout and stderr: captured in fifos, moved into log files that are rotated, and
 * read back from these.
 *
 * <p>A child opens its fifo for reading and writing, so that neither the end of a monitor nor a
 * busy one does it any harm before the fifo is full; the next monitor reads on. One platform
 * thread, {@code output}, moves the bytes; the kernel does so without a moment in which they are in
 * this process alone. What the log files hold is the only copy, so whoever reads them, on any
 * thread, sees the same before and after a restart of the monitor. Only of what cannot be written
 * the end is kept in memory, to be shown until writing resumes.
 */
@NullMarked
package org.procmon.output;

import org.jspecify.annotations.NullMarked;
