/**
 * Two monitors as one: the state directory that they share, the backup that waits for the end of
 * the primary, and what passes from one to the next.
 */
@NullMarked
package org.procmon.pair;

import org.jspecify.annotations.NullMarked;
