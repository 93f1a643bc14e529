/**
 * Log files: they take bytes out of a fifo, are rotated at the ends of lines, and are read back.
 *
 * <p>The thread {@code output} writes; any thread reads.
 */
@NullMarked
package org.procmon.output.log;

import org.jspecify.annotations.NullMarked;
