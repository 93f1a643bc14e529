/** The commands: options, calls and tables. */
@NullMarked
package org.procmon.cli;

import org.jspecify.annotations.NullMarked;
