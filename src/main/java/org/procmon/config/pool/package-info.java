/**
 * What the user configured of pools: several processes, the workers, that serve one listening
 * socket. The values only; {@code PoolSpec} of the package above holds them together. Immutable;
 * any thread.
 */
@NullMarked
package org.procmon.config.pool;

import org.jspecify.annotations.NullMarked;
