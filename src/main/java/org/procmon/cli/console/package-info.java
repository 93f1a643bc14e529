/** What all commands share: the streams, the terminal, the exit codes, usage errors. */
@NullMarked
package org.procmon.cli.console;

import org.jspecify.annotations.NullMarked;
