/**
 * Replaces the configuration of a running monitor: reads the files, has the loop accept the new
 * configuration, and lets the features follow it. It knows the rest of the monitor by ports only.
 */
@NullMarked
package org.procmon.reload;

import org.jspecify.annotations.NullMarked;
