/**
 * Listens to what runs report themselves: messages of sd_notify(3) and a newline on a descriptor.
 *
 * <p>One thread, {@code listener}, reads for all runs; it starts with the first of them.
 */
@NullMarked
package org.procmon.readiness.notify;

import org.jspecify.annotations.NullMarked;
