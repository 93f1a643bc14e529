/**
 * The listening sockets of pools: they are opened before any worker starts, and stay open while
 * monitors replace each other. May use {@code posix}.
 */
@NullMarked
package org.procmon.pool.listen;

import org.jspecify.annotations.NullMarked;
