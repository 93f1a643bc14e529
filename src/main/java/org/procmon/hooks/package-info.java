/**
 * Programs that are run when something has happened to a process.
 *
 * <p>The loop only says what has happened; all else is done on virtual threads, of which there is
 * one for each process that has something to be told. May use {@code supervise}, {@code spec},
 * {@code lifecycle} and {@code chronicle}.
 */
@NullMarked
package org.procmon.hooks;

import org.jspecify.annotations.NullMarked;
