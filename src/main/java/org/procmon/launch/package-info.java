/**
 * Implements the launcher: command lines, environment, descriptors and the reaper.
 *
 * <p>Spawning and adopting run on the loop's thread. One platform thread blocks in {@code waitid};
 * another one, started when first needed, waits for adopted processes that are not children of this
 * one.
 */
@NullMarked
package org.procmon.launch;

import org.jspecify.annotations.NullMarked;
