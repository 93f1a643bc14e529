/**
 * The kernel's side of pools of workers that share a listening socket: listeners, what waits in
 * them, which workers serve, and what a worker is doing. The monitor owns a listener and each
 * worker has it as descriptor 0: one open file description, which blocks.
 *
 * <p>These are functions and small objects without threads of their own. No call here blocks unless
 * its name or its description says so.
 */
@NullMarked
package org.procmon.posix.socket;

import org.jspecify.annotations.NullMarked;
