/**
 * Programs that are run when something has happened to a process, or is about to.
 *
 * <p>The loop only says what has happened, or asks for a hook and goes on when it hears of its end;
 * all else is done on virtual threads, of which there is one for each hook that runs, and for each
 * process that has a failure to be told.
 */
@NullMarked
package org.procmon.hooks;

import org.jspecify.annotations.NullMarked;
