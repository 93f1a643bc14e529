/**
 * Follows folders that a configuration takes entries from: when what is in them has changed and is
 * complete, the monitor reads it again, without a command.
 *
 * <p>Loaded, and its one thread {@code folders} started, when the configuration has such folders.
 * The thread sleeps while nothing changes. {@link org.procmon.follow.PendingChanges} decides when
 * to read.
 */
@NullMarked
package org.procmon.follow;

import org.jspecify.annotations.NullMarked;
