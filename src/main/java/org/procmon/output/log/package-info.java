/**
 * Log files: they take bytes from a fifo, are rotated at line ends, and are read back.
 *
 * <p>The thread {@code output} writes; any thread reads.
 */
@NullMarked
package org.procmon.output.log;

import org.jspecify.annotations.NullMarked;
