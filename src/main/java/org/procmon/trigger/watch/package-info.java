/**
 * Watches files: reports when a watched file of a process has changed and is complete.
 *
 * <p>Loaded, and its one thread {@code watch} started, when a process has watched files.
 */
@NullMarked
package org.procmon.trigger.watch;

import org.jspecify.annotations.NullMarked;
