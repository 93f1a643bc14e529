/** Commands that run as a process would, in the foreground and by the caller. */
@NullMarked
package org.procmon.cli.exec;

import org.jspecify.annotations.NullMarked;
