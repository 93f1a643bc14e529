/**
 * Implements the launcher: command lines, environment, descriptors and the reaper.
 *
 * <p>Spawning runs on the loop's thread; one platform thread blocks in {@code wait4}.
 */
@NullMarked
package org.procmon.launch;

import org.jspecify.annotations.NullMarked;
