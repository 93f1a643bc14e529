/**
 * The recent events: changes of processes, commands, and changes of the monitor itself.
 *
 * <p>The code that causes an event records it, on its own thread and without waiting for readers.
 */
@NullMarked
package org.procmon.events;

import org.jspecify.annotations.NullMarked;
