/** Reads commands that start FastCGI applications, from an argument or from a script. */
@NullMarked
package org.procmon.importing.command;

import org.jspecify.annotations.NullMarked;
