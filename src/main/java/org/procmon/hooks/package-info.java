/**
 * Programs that run on events of a process, before or after them.
 *
 * <p>The loop only reports an event, or requests a hook and continues when its result arrives. All
 * else runs on virtual threads: one for each running hook, and one for each process with a failure
 * to report.
 */
@NullMarked
package org.procmon.hooks;

import org.jspecify.annotations.NullMarked;
