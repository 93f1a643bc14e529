/**
 * How much memory runs have, for those that may have only so much.
 *
 * <p>One thread looks at all processes of the machine from time to time, and reports each run whose
 * session has more than its {@code memory_max}. What follows is the state machine's business. The
 * thread exists only while there is such a run. What all sessions use is also told to whoever asks.
 */
@NullMarked
package org.procmon.usage;

import org.jspecify.annotations.NullMarked;
