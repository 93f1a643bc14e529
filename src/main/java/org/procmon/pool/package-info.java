/**
 * FastCGI pools as a feature of the monitor: a thread watches the listening sockets, asks {@code
 * pool.plan} what to do, and does it. Workers are processes, which the loop starts and stops by
 * commands; connections go from the kernel to the workers, and never through the monitor.
 */
@NullMarked
package org.procmon.pool;

import org.jspecify.annotations.NullMarked;
