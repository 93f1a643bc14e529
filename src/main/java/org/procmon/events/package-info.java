/**
 * What has happened lately: changes of processes, commands, and what becomes of the monitor itself.
 *
 * <p>Whoever makes something happen writes it down, on its own thread and without waiting for
 * anybody who reads.
 */
@NullMarked
package org.procmon.events;

import org.jspecify.annotations.NullMarked;
