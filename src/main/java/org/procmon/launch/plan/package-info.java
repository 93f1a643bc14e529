/**
 * Plans how to start a program: as which user, with which limits, variables and files, and by which
 * chain of tools. Starts nothing.
 */
@NullMarked
package org.procmon.launch.plan;

import org.jspecify.annotations.NullMarked;
