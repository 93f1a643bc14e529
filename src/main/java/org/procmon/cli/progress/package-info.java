/** What a command shows while it waits for processes, and what it looks at afterwards. */
@NullMarked
package org.procmon.cli.progress;

import org.jspecify.annotations.NullMarked;
