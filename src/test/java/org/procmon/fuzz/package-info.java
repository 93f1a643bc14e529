/**
 * Seeded generators of hostile input, and what must hold whatever they make. A failure names the
 * seed: {@code -Dprocmon.seed=N} makes the same inputs again, {@code -Dprocmon.fuzz.seconds=N} goes
 * on for so long instead of the usual number.
 */
@NullMarked
package org.procmon.fuzz;

import org.jspecify.annotations.NullMarked;
