/** The command line: arguments, calls and tables. */
@NullMarked
package org.procmon.cli;

import org.jspecify.annotations.NullMarked;
