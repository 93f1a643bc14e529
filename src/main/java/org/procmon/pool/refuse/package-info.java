/**
 * The answer to clients that no worker will serve: 503, as FastCGI. Everything here belongs to the
 * thread of the pools, and nothing blocks.
 */
@NullMarked
package org.procmon.pool.refuse;

import org.jspecify.annotations.NullMarked;
