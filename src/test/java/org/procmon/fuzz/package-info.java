/** Seeded generators of hostile input, and what must hold whatever they make. */
@NullMarked
package org.procmon.fuzz;

import org.jspecify.annotations.NullMarked;
