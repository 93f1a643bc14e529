/**
 * Finds out whether runs are ready and well, and tells the loop: sockets and descriptors on which
 * they say so, and questions that they have to answer. May use {@code supervise}, {@code spec},
 * {@code lifecycle}, {@code posix} and {@code output}.
 *
 * <p>{@link org.procmon.readiness.Sentry} is told of each change of a process on the loop's thread
 * and only begins and ends things. One platform thread, started when first needed, waits for what
 * runs say; whatever has to be asked or awaited has a virtual thread of its own for as long as the
 * run lasts, and each question another one, so that none can hold up anybody.
 */
@NullMarked
package org.procmon.readiness;

import org.jspecify.annotations.NullMarked;
