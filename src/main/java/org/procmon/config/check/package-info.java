/**
 * Looks for what a valid configuration probably does not mean: words for a shell that is not there,
 * addresses that two processes have, dependencies that nothing starts. Pure functions.
 */
@NullMarked
package org.procmon.config.check;

import org.jspecify.annotations.NullMarked;
