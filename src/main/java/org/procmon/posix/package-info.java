/**
 * The kernel: spawn, reap, signal, files, accounts. With {@code posix.socket} the only user of
 * {@code java.lang.foreign}; it knows nothing of procmon.
 *
 * <p>Calls that block say so, and must run on a platform thread, since a native frame pins the
 * carrier of a virtual one.
 */
@NullMarked
package org.procmon.posix;

import org.jspecify.annotations.NullMarked;
